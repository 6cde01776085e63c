import { WHOLE, type BasisPoints } from '../../domain/share'
import { Announcer } from '../Announcer'
import { Button } from '../Button'
import { useFormat, useTexts } from '../../texts/useTexts'
import styles from './LeftToGive.module.css'

interface Props {
  left: BasisPoints
  submitLabel: string
  sending: boolean
  onSettle: () => void
}

/** Stays at the foot of the window: what is left, the one press that makes it nothing, and the way to hand in. */
export function LeftToGive({ left, submitLabel, sending, onSettle }: Props) {
  const { form } = useTexts()
  const format = useFormat()
  const given = Math.min(WHOLE, WHOLE - left)
  return (
    <div className={styles.bar} data-over={left < 0}>
      <svg className={styles.meter} aria-hidden="true">
        <rect width={`${(given / WHOLE) * 100}%`} height="100%" />
      </svg>
      <p className={styles.left}>
        {left < 0 ? form.tooMuch : form.left} <strong>{format.percent(Math.abs(left))}</strong>
      </p>
      <div className={styles.actions}>
        <Button disabled={left === 0} onClick={onSettle}>
          {left < 0 ? form.takeOff : form.spread}
        </Button>
        <Button strong type="submit" aria-disabled={sending}>
          {sending ? form.sending : submitLabel}
        </Button>
      </div>
      <Announcer text={form.leftSentence(left)} />
    </div>
  )
}
