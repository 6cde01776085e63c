import { obstacleTo, type RebalanceMode } from './rebalance'
import { leftToGive } from '../../domain/allocation'
import { WHOLE } from '../../domain/share'
import type { Draft, DraftAction } from './draft'
import { useTexts } from '../../texts/useTexts'
import { Button } from '../../components/Button'
import type { FormCategory } from './types'
import styles from './Rebalancing.module.css'

interface Props {
  draft: Draft
  categories: readonly FormCategory[]
  onEdit: (action: DraftAction) => void
}

/** The commands that bring the allocation to exactly 100 %. */
export function Rebalancing({ draft, categories, onEdit }: Props) {
  const { form } = useTexts()
  const left = leftToGive(draft.allocation)
  const last = categories.find(({ key }) => key === draft.moving)
  const obstacle = obstacleTo(draft.allocation, draft.locked)
  const run = (mode: RebalanceMode) => () => {
    onEdit({ type: 'rebalanced', mode })
  }
  if (left === 0) return null
  if (obstacle) return <p className={styles.obstacle}>{form.obstacles[obstacle]}</p>
  return (
    <div className={styles.commands} role="group" aria-label={form.rebalance}>
      {last && canSettle(draft, last.key, left) && (
        <Button
          onClick={() => {
            onEdit({ type: 'settled-on', key: last.key })
          }}
        >
          {left > 0 ? form.restTo(last.label) : form.excessOff(last.label)}
        </Button>
      )}
      <Button onClick={run('evenly')}>{left > 0 ? form.spread : form.takeOff}</Button>
      {/* An empty allocation has no proportions. */}
      {left < WHOLE && (
        <Button onClick={run('in-proportion')}>{left > 0 ? form.inProportion : form.scale}</Button>
      )}
    </div>
  )
}

function canSettle({ allocation, locked }: Draft, key: string, left: number): boolean {
  return !locked.includes(key) && (left > 0 || (allocation[key] ?? 0) >= -left)
}
