import { Button } from '../../components/Button'
import { useDeskTexts } from '../texts/useDeskTexts'
import styles from './Actions.module.css'
import type { Pages } from './usePages'

interface Props {
  pages: Pages
  /** The cursor of the next page, if there is one. */
  next: string | null
}

/** Pages of a list that is read by cursor: forward, and back the way one came. */
export function Paging({ pages, next }: Props) {
  const { paging: texts } = useDeskTexts()
  const { trail, go } = pages
  if (trail.length <= 1 && next === null) return null
  return (
    <nav className={styles.actions} aria-label={texts.label}>
      <Button
        disabled={trail.length <= 1}
        onClick={() => {
          go(trail.slice(0, -1))
        }}
      >
        {texts.back}
      </Button>
      <span>{texts.page(trail.length)}</span>
      <Button
        disabled={next === null}
        onClick={() => {
          go([...trail, next])
        }}
      >
        {texts.next}
      </Button>
    </nav>
  )
}
