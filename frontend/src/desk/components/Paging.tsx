import { Button } from '../../components/Button'
import { useDeskTexts } from '../texts/useDeskTexts'
import styles from './Actions.module.css'

interface Props {
  /** The cursors of the pages before this one, the first page being undefined. */
  trail: readonly (string | undefined)[]
  next: string | null | undefined
  onTrail: (trail: readonly (string | undefined)[]) => void
}

/** Pages of a list that is read by cursor: forward, and back the way one came. */
export function Paging({ trail, next, onTrail }: Props) {
  const { paging: texts } = useDeskTexts()
  if (trail.length <= 1 && next == null) return null
  return (
    <nav className={styles.actions} aria-label={texts.label}>
      <Button
        disabled={trail.length <= 1}
        onClick={() => {
          onTrail(trail.slice(0, -1))
        }}
      >
        {texts.back}
      </Button>
      <span>{texts.page(trail.length)}</span>
      <Button
        disabled={next == null}
        onClick={() => {
          if (next != null) onTrail([...trail, next])
        }}
      >
        {texts.next}
      </Button>
    </nav>
  )
}
