import { leftToGive } from '../../domain/allocation'
import type { Draft, DraftAction } from '../../domain/draft'
import { useFormat, useTexts } from '../../texts/useTexts'
import { Announcer } from '../Announcer'
import { Button } from '../Button'
import { ShareStrip } from '../ShareStrip'
import { Rebalancing } from './Rebalancing'
import type { FormCategory } from './types'
import styles from './LeftToGive.module.css'

interface Props {
  draft: Draft
  categories: readonly FormCategory[]
  submitLabel: string
  sending: boolean
  onEdit: (action: DraftAction) => void
}

/** Stays at the foot of the window: what is left, the presses that make it nothing, a step back, and the way to hand in. */
export function LeftToGive({ draft, categories, submitLabel, sending, onEdit }: Props) {
  const { form } = useTexts()
  const format = useFormat()
  const left = leftToGive(draft.allocation)
  return (
    <div className={styles.bar} data-over={left < 0} data-left={left}>
      <div className={styles.strip}>
        <ShareStrip
          slim
          parts={categories.map((category) => ({ ...category, share: draft.allocation[category.key] ?? 0 }))}
        />
      </div>
      <p className={styles.left}>
        {/* Each in an element of its own: beside another, a text that a translator has replaced would stay. */}
        <span>{left < 0 ? form.tooMuch : form.left}</span> <strong>{format.percent(Math.abs(left))}</strong>
      </p>
      <div className={styles.actions}>
        <Button
          disabled={draft.before === undefined}
          onClick={() => {
            onEdit({ type: 'undone' })
          }}
        >
          {form.undo}
        </Button>
        <Button strong type="submit" aria-disabled={sending}>
          {sending ? form.sending : submitLabel}
        </Button>
      </div>
      <div className={styles.rebalancing}>
        <Rebalancing draft={draft} categories={categories} onEdit={onEdit} />
      </div>
      <Announcer text={form.leftSentence(left)} />
    </div>
  )
}
