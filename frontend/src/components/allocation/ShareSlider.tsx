import type { KeyboardEvent } from 'react'
import { ONE_PERCENT, WHOLE, type BasisPoints } from '../../domain/share'
import { stepOfKey } from './stepOfKey'
import { useFormat } from '../../texts/useTexts'
import styles from './ShareSlider.module.css'

interface Props {
  label: string
  share: BasisPoints
  onSet: (share: BasisPoints) => void
}

/**
 * The platform's own slider. `step="any"` because a step of one per cent would show 12.34 as 12; dragging snaps to
 * whole per cents here instead.
 */
export function ShareSlider({ label, share, onSet }: Props) {
  const format = useFormat()
  function step(event: KeyboardEvent) {
    const by = stepOfKey(event, { horizontal: true })
    if (by === undefined) return
    event.preventDefault()
    onSet(share + by)
  }

  return (
    <input
      className={styles.slider}
      type="range"
      min={0}
      max={WHOLE}
      step="any"
      value={share}
      aria-label={label}
      aria-valuetext={format.percent(share)}
      style={{ '--filled': `${share / ONE_PERCENT}%` }}
      onChange={(event) => {
        onSet(Math.round(event.target.valueAsNumber / ONE_PERCENT) * ONE_PERCENT)
      }}
      onKeyDown={step}
    />
  )
}
