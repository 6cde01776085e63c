import { useEffect, useRef, type ReactNode } from 'react'
import styles from './Note.module.css'

interface Props {
  kind: 'good' | 'problem' | 'plain'
  heading: string
  /** Takes the focus when it appears: the answer to what the person has just done. */
  focus?: boolean
  children?: ReactNode
}

export function Note({ kind, heading, focus = false, children }: Props) {
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (focus) box.current?.focus()
  }, [focus])

  return (
    <div ref={box} className={styles.note} data-kind={kind} role="group" aria-label={heading} tabIndex={-1}>
      <p className={styles.heading}>{heading}</p>
      {children}
    </div>
  )
}
