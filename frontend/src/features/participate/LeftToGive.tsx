import { leftToGive } from '../../domain/allocation'
import type { Draft, DraftAction } from './draft'
import { useFormat, useTexts } from '../../texts/useTexts'
import { Announcer } from '../../components/Announcer'
import { Button } from '../../components/Button'
import { ShareStrip } from '../../components/ShareStrip'
import { Rebalancing } from './Rebalancing'
import type { FormCategory } from './types'
import styles from './LeftToGive.module.css'

interface Props {
  draft: Draft
  categories: readonly FormCategory[]
  submitLabel: string
  sending: boolean
  /** The device solves a challenge of the server. */
  working: boolean
  onEdit: (action: DraftAction) => void
}

/** The bar at the foot of the window: the unallocated rest, the commands that allocate it, undo, and submit. */
export function LeftToGive({ draft, categories, submitLabel, sending, working, onEdit }: Props) {
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
        {/* Each text has its own element: a page translator replaces text nodes, and React would then leave the old one. */}
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
      {/* It stands there empty before: a screen reader reads what comes into a live region, not the region itself. */}
      <p className={styles.working} aria-live="polite">
        {working ? form.working : ''}
      </p>
      <div className={styles.rebalancing}>
        <Rebalancing draft={draft} categories={categories} onEdit={onEdit} />
      </div>
      <Announcer text={form.leftSentence(left)} />
    </div>
  )
}
