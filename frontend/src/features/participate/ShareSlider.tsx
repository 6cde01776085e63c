import { useRef, type KeyboardEvent } from 'react'
import { ONE_PERCENT, WHOLE, type BasisPoints } from '../../domain/share'
import { stepOfKey } from './stepOfKey'
import styles from './ShareSlider.module.css'

interface Props {
  label: string
  share: BasisPoints
  /** The share of this row with the whole rest added. Beyond it the track is hatched. */
  reach: BasisPoints
  valueText: string
  onSet: (share: BasisPoints) => void
}

/**
 * The platform's own slider. It has `step="any"`, because with a step of 1 % it would show 12.34 as 12. Dragging snaps to
 * whole percents here instead, and near `reach` to exactly that.
 */
export function ShareSlider({ label, share, reach, valueText, onSet }: Props) {
  /** The share when a finger touched the slider. It is restored if the finger then scrolls the page. */
  const beforeTouch = useRef<BasisPoints>(undefined)

  function step(event: KeyboardEvent) {
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? reach : undefined
    const by = stepOfKey(event, { horizontal: true })
    if (to === undefined && by === undefined) return
    event.preventDefault()
    onSet(to ?? share + (by ?? 0))
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
      aria-valuetext={valueText}
      style={{ '--filled': `${share / ONE_PERCENT}%`, '--reach': `${reach / ONE_PERCENT}%` }}
      onPointerDown={() => {
        beforeTouch.current = share
      }}
      onPointerCancel={() => {
        if (beforeTouch.current !== undefined) onSet(beforeTouch.current)
        beforeTouch.current = undefined
      }}
      onChange={(event) => {
        onSet(snapped(event.target.valueAsNumber, reach))
      }}
      onKeyDown={step}
    />
  )
}

function snapped(raw: number, reach: BasisPoints): BasisPoints {
  if (Math.abs(raw - reach) < ONE_PERCENT / 2) return reach
  return Math.round(raw / ONE_PERCENT) * ONE_PERCENT
}
