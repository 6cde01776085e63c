import type { KeyboardEvent } from 'react'
import { ONE_PERCENT, type BasisPoints } from '../../domain/share'
import { stepOfKey } from './stepOfKey'
import { useTexts } from '../../texts/useTexts'
import styles from './ShareField.module.css'

interface Props {
  id: string
  label: string
  text: string
  share: BasisPoints
  describedBy: string
  invalid: boolean
  onType: (text: string) => void
  onLeave: () => void
  onSet: (share: BasisPoints) => void
}

/** A text field, because type=number rejects "12,5" in some languages and changes its value when the page scrolls. */
export function ShareField({ id, label, text, share, describedBy, invalid, onType, onLeave, onSet }: Props) {
  const { form } = useTexts()
  function step(event: KeyboardEvent) {
    const by = stepOfKey(event, { horizontal: false })
    if (by === undefined) return
    event.preventDefault()
    onSet(share + by)
  }

  // The buttons are not in the tab order: arrow keys in the field do the same, with fewer stops for the keyboard.
  return (
    <div className={styles.field}>
      <button
        type="button"
        tabIndex={-1}
        aria-label={form.less(label)}
        onClick={() => {
          onSet(share - ONE_PERCENT)
        }}
      >
        −
      </button>
      <span className={styles.entry}>
        <input
          id={id}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          value={text}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          onChange={(event) => {
            onType(event.target.value)
          }}
          onFocus={(event) => {
            event.target.select()
          }}
          onBlur={onLeave}
          onKeyDown={step}
        />
        <span aria-hidden="true">%</span>
      </span>
      <button
        type="button"
        tabIndex={-1}
        aria-label={form.more(label)}
        onClick={() => {
          onSet(share + ONE_PERCENT)
        }}
      >
        +
      </button>
    </div>
  )
}
