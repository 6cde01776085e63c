import { useState, type KeyboardEvent, type SyntheticEvent } from 'react'
import { leftToGive } from '../../domain/allocation'
import { changesAllocation, type Draft, type DraftAction } from './draft'
import { HOW_IT_WORKS } from '../../routing/addresses'
import { useTexts } from '../../texts/useTexts'
import { Note } from '../../components/Note'
import { ProblemPart } from '../../components/states/ProblemPart'
import { ErrorSummary, hasFaults } from './ErrorSummary'
import { LeftToGive } from './LeftToGive'
import { RememberChoice, type Choice } from './RememberChoice'
import { ShareRow } from './ShareRow'
import { StartFrom } from './StartFrom'
import type { Starts } from './starts'
import type { BudgetTotal, FormCategory } from './types'
import type { Submitting } from './useSubmitAllocation'
import styles from './AllocationForm.module.css'

interface Props {
  categories: readonly FormCategory[]
  total: BudgetTotal | undefined
  draft: Draft
  starts: Starts
  /** The viewer has a cookie already, so the question of consent is not asked. */
  remembered: boolean
  /** The viewer has a counting submission, which the next one replaces. */
  revising: boolean
  /** The form began with that submission. */
  isLatestShown: boolean
  /** A code is the participant: another device may have given a later answer, of which this one knows nothing. */
  isByCode: boolean
  submitting: Submitting
  onEdit: (action: DraftAction) => void
  onSubmit: (remember: boolean) => void
}

export function AllocationForm({
  categories,
  total,
  draft,
  starts,
  remembered,
  revising,
  isLatestShown,
  isByCode,
  submitting,
  onEdit,
  onSubmit,
}: Props) {
  const { form, code, howItWorks } = useTexts()
  const [choice, setChoice] = useState<Choice>(null)
  /** Counts the invalid tries. Each one mounts the summary anew, which takes the focus; 0 while there is no summary. */
  const [refused, setRefused] = useState(0)
  const left = leftToGive(draft.allocation)
  const sending = submitting.state === 'sending'
  const faulty = refused > 0 && hasFaults(draft)

  function edit(action: DraftAction) {
    // The summary goes once the mistakes are corrected, and stays while they are being corrected.
    if (changesAllocation(action) && !faulty) setRefused(0)
    onEdit(action)
  }

  function submit(event?: SyntheticEvent) {
    event?.preventDefault()
    if (sending) return
    if (hasFaults(draft)) setRefused(refused + 1)
    else onSubmit(remembered || choice === 'yes')
  }

  function undoByKey(event: KeyboardEvent) {
    const isUndo = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey
    // In a text field the keys undo typing, as the browser does it.
    if (!isUndo || (event.target instanceof HTMLInputElement && event.target.type === 'text')) return
    event.preventDefault()
    edit({ type: 'undone' })
  }

  return (
    // The keys are a shortcut of the button "Undo".
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      className={styles.form}
      noValidate
      onSubmit={submit}
      onKeyDown={undoByKey}
      aria-labelledby="form-heading"
    >
      <h2 id="form-heading">{form.heading}</h2>
      {revising && (
        <Note kind="plain" heading={form.welcomeBack}>
          <p>{!isLatestShown ? code.hasAnswered : isByCode ? code.ofThisTab : form.remembered}</p>
        </Note>
      )}
      <p className={styles.intro}>{form.intro}</p>
      <p className={styles.intro}>
        <a href={`#${HOW_IT_WORKS}`}>{howItWorks.heading}</a>
      </p>
      <StartFrom
        starts={starts}
        isOfThisTab={isByCode}
        onStart={(kind) => {
          edit({ type: 'begun', from: starts[kind] ?? starts.zero })
        }}
      />
      <ol className={styles.rows}>
        {categories.map((category) => (
          <ShareRow
            key={category.key}
            category={category}
            share={draft.allocation[category.key] ?? 0}
            left={left}
            total={total}
            typed={draft.typed[category.key]}
            locked={draft.locked.includes(category.key)}
            onEdit={edit}
          />
        ))}
      </ol>
      {!remembered && <RememberChoice choice={choice} onChange={setChoice} />}
      {faulty && <ErrorSummary key={refused} draft={draft} categories={categories} />}
      {!faulty && submitting.state === 'refused' && (
        <ProblemPart key={submitting.tries} problem={submitting.problem} onRetry={submit} />
      )}
      <LeftToGive
        draft={draft}
        categories={categories}
        submitLabel={revising ? form.revise : form.submit}
        sending={sending}
        working={submitting.state === 'sending' && submitting.working}
        onEdit={edit}
      />
    </form>
  )
}
