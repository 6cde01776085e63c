import { useEffect, useState } from 'react'
import styles from './Announcer.module.css'

const QUIET_MS = 800

/** Says a changing sentence once it has stopped changing, so that a dragged slider is not read out step by step. */
export function Announcer({ text }: { text: string }) {
  const [said, setSaid] = useState('')

  useEffect(() => {
    const timer = setTimeout(() => {
      setSaid(text)
    }, QUIET_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [text])

  return (
    <p className={styles.announcer} role="status" aria-live="polite">
      {said}
    </p>
  )
}
