import { useId } from 'react'
import { parseShare, type BasisPoints } from '../../domain/share'
import type { DraftAction } from './draft'
import { useFormat, useTexts } from '../../texts/useTexts'
import { LockToggle } from './LockToggle'
import { ShareField } from './ShareField'
import { ShareSlider } from './ShareSlider'
import { moneyOf, type BudgetTotal, type FormCategory } from './types'
import styles from './ShareRow.module.css'

interface Props {
  category: FormCategory
  share: BasisPoints
  /** The unallocated rest; negative when more than 100 % is allocated. */
  left: BasisPoints
  total: BudgetTotal | undefined
  typed: string | undefined
  locked: boolean
  onEdit: (action: DraftAction) => void
}

export function fieldId(key: string): string {
  return `share-${key}`
}

export function ShareRow({ category, share, left, total, typed, locked, onEdit }: Props) {
  const { form } = useTexts()
  const { key, label, description, color } = category
  const format = useFormat()
  const id = useId()
  const parsed = parseShare(typed ?? '')
  const problem = parsed.ok ? undefined : form.share[parsed.problem]
  const money = total && format.compactMoney(moneyOf(total, share), total.currency)
  const set = (next: BasisPoints) => {
    onEdit({ type: 'set', key, share: next })
  }

  return (
    <li className={styles.row} data-row={key}>
      <div className={styles.what}>
        <span className={styles.swatch} style={{ backgroundColor: color }} aria-hidden="true" />
        <label htmlFor={fieldId(key)} className={styles.label}>
          {label}
        </label>
        <p id={`${id}-description`} className={styles.description}>
          {description}
        </p>
      </div>
      {money !== undefined && <span className={styles.money}>{money}</span>}
      <ShareField
        id={fieldId(key)}
        label={label}
        text={typed ?? format.field(share)}
        share={share}
        describedBy={problem ? `${id}-problem ${id}-description` : `${id}-description`}
        invalid={problem !== undefined}
        onType={(text) => {
          onEdit({ type: 'typed', key, text })
        }}
        onLeave={() => {
          onEdit({ type: 'left', key })
        }}
        onSet={set}
      />
      <ShareSlider
        label={form.slider(label)}
        share={share}
        reach={Math.max(share, share + left)}
        valueText={form.sliderValue(share, money, left)}
        onSet={set}
      />
      <LockToggle
        label={form.lock(label)}
        locked={locked}
        onToggle={() => {
          onEdit({ type: 'lock-toggled', key })
        }}
      />
      {problem && (
        <p id={`${id}-problem`} className={styles.problem}>
          {problem}
        </p>
      )}
    </li>
  )
}
