import { useEffect, useState } from 'react'
import styles from './Announcer.module.css'

const QUIET_MS = 800

/** Says a changing sentence once it has stopped changing, so that a dragged slider is not read out step by step. */
export function Announcer({ text }: { text: string }) {
  const [first] = useState(text)
  const [said, setSaid] = useState('')

  useEffect(() => {
    const timer = setTimeout(() => {
      // How it stood when the page was opened is on the page to read; only changes are news.
      setSaid((before) => (before === '' && text === first ? '' : text))
    }, QUIET_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [text, first])

  return (
    <p className={styles.announcer} role="status" aria-live="polite">
      {said}
    </p>
  )
}
