import { useState, type SyntheticEvent } from 'react'
import { leftToGive } from '../../domain/allocation'
import { changesAllocation, unreadable, type Draft, type DraftAction } from '../../domain/draft'
import type { Submitting } from './useSubmitAllocation'
import { CountedNote } from './CountedNote'
import { LeftToGive } from './LeftToGive'
import { Note } from '../Note'
import { ProblemNote } from '../ProblemNote'
import { RememberChoice } from './RememberChoice'
import { ShareRow } from './ShareRow'
import type { Texts } from '../../texts/languages'
import { useTexts } from '../../texts/useTexts'
import styles from './AllocationForm.module.css'

interface Category {
  key: string
  label: string
  description: string
  color: string
}

interface Props {
  categories: readonly Category[]
  draft: Draft
  /** The viewer's cookie is there already; nothing to choose. */
  remembered: boolean
  /** The viewer has a submission for this budget, which the next one replaces. */
  revising: boolean
  submitting: Submitting
  onEdit: (action: DraftAction) => void
  onSubmit: (remember: boolean) => void
}

export function AllocationForm({
  categories,
  draft,
  remembered,
  revising,
  submitting,
  onEdit,
  onSubmit,
}: Props) {
  const { form } = useTexts()
  const [remember, setRemember] = useState(false)
  /** Counts the refused tries, so that the note appears (and takes the focus) anew each time. */
  const [refused, setRefused] = useState(0)
  const [faults, setFaults] = useState<string[]>([])
  const left = leftToGive(draft.allocation)
  const sending = submitting.state === 'sending'

  function edit(action: DraftAction) {
    if (changesAllocation(action)) setFaults([])
    onEdit(action)
  }

  function submit(event?: SyntheticEvent) {
    event?.preventDefault()
    if (sending) return
    const found = faultsOf(form, draft, categories)
    setFaults(found)
    if (found.length > 0) setRefused(refused + 1)
    else onSubmit(remembered || remember)
  }

  return (
    <form className={styles.form} noValidate onSubmit={submit} aria-labelledby="form-heading">
      <h2 id="form-heading">{form.heading}</h2>
      <p className={styles.intro}>{revising ? form.remembered : form.intro}</p>
      <ol className={styles.rows}>
        {categories.map((category) => (
          <ShareRow
            key={category.key}
            categoryKey={category.key}
            label={category.label}
            description={category.description}
            color={category.color}
            share={draft.allocation[category.key] ?? 0}
            typed={draft.typed[category.key]}
            onEdit={edit}
          />
        ))}
      </ol>
      {!remembered && <RememberChoice remember={remember} onChange={setRemember} />}
      {faults.length > 0 && (
        <Note key={refused} kind="problem" heading={form.invalidHeading} focus>
          {faults.map((fault) => (
            <p key={fault}>{fault}</p>
          ))}
        </Note>
      )}
      {faults.length === 0 && submitting.state === 'refused' && (
        <ProblemNote key={submitting.tries} problem={submitting.problem} onRetry={submit} />
      )}
      {faults.length === 0 && submitting.state === 'counted' && (
        <CountedNote
          key={submitting.id}
          id={submitting.id}
          replaced={submitting.replaced}
          remembered={submitting.remembered}
        />
      )}
      <LeftToGive
        left={left}
        submitLabel={revising ? form.revise : form.submit}
        sending={sending}
        onSettle={() => {
          edit({ type: 'settled' })
        }}
      />
    </form>
  )
}

function faultsOf(form: Texts['form'], draft: Draft, categories: readonly Category[]): string[] {
  const keys = unreadable(draft)
  if (keys.length > 0) {
    return categories.filter(({ key }) => keys.includes(key)).map(({ label }) => form.unreadable(label))
  }
  const left = leftToGive(draft.allocation)
  return left === 0 ? [] : [form.mustBeWhole(left)]
}
