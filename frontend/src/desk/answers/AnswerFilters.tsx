import { useState } from 'react'
import { Button } from '../../components/Button'
import { parseShare, toPercent } from '../../domain/share'
import { Form } from '../components/Form'
import { SelectField } from '../components/SelectField'
import { TextField } from '../components/TextField'
import type { DraftCategory } from '../editor/draft'
import type { AnswerFilterInput } from '../gql/graphql'
import { useDeskTexts } from '../texts/useDeskTexts'
import styles from './Answers.module.css'

const STATES = ['any', 'counted', 'excluded'] as const

interface Props {
  categories: readonly DraftCategory[]
  onApply: (filter: AnswerFilterInput) => void
}

export function AnswerFilters({ categories, onApply }: Props) {
  const { answers: texts } = useDeskTexts()
  const [since, setSince] = useState('')
  const [until, setUntil] = useState('')
  const [state, setState] = useState<(typeof STATES)[number]>('any')
  const [category, setCategory] = useState('')
  const [least, setLeast] = useState('')
  const [most, setMost] = useState('')

  function submit() {
    const filter: AnswerFilterInput = {}
    if (since !== '') filter.since = new Date(since).toISOString()
    if (until !== '') filter.until = new Date(until).toISOString()
    if (state !== 'any') filter.excluded = state === 'excluded'
    if (category !== '') {
      filter.category = category
      filter.minPercent = percent(least)
      filter.maxPercent = percent(most)
    }
    onApply(filter)
    return Promise.resolve()
  }

  return (
    <details className={styles.filters}>
      <summary>{texts.filters}</summary>
      <Form onSubmit={submit}>
        <div className={styles.row}>
          <TextField type="datetime-local" label={texts.since} value={since} onChange={setSince} />
          <TextField type="datetime-local" label={texts.until} value={until} onChange={setUntil} />
          <SelectField
            label={texts.state}
            value={state}
            options={STATES}
            nameOf={(one) => texts.states[one]}
            onChange={setState}
          />
          <SelectField
            label={texts.category}
            value={category}
            options={['', ...categories.map(({ key }) => key)]}
            nameOf={(key) =>
              key === '' ? texts.anyCategory : (categories.find((one) => one.key === key)?.label ?? key)
            }
            onChange={setCategory}
          />
          {category !== '' && (
            <>
              <TextField label={texts.least} value={least} onChange={setLeast} inputMode="decimal" />
              <TextField label={texts.most} value={most} onChange={setMost} inputMode="decimal" />
            </>
          )}
        </div>
        <Button type="submit">{texts.apply}</Button>
      </Form>
    </details>
  )
}

/** An empty or unreadable field is no limit. */
function percent(text: string): number | null {
  const parsed = parseShare(text)
  return text.trim() !== '' && parsed.ok ? toPercent(parsed.share) : null
}
