import { useEffect, useState } from 'react'
import styles from './Announcer.module.css'

const QUIET_MS = 800

/** Announces a sentence once it has stopped changing. A screen reader would otherwise read out each step of a slider. */
export function Announcer({ text }: { text: string }) {
  const [first] = useState(text)
  const [said, setSaid] = useState('')

  useEffect(() => {
    const timer = setTimeout(() => {
      // The first sentence is on the page already; only changes are announced.
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
