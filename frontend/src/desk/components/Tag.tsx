import type { ReactNode } from 'react'
import styles from './Tag.module.css'

/** A state in a word. */
export function Tag({ kind = 'plain', children }: { kind?: 'plain' | 'good' | 'bad'; children: ReactNode }) {
  return (
    <span className={styles.tag} data-kind={kind}>
      {children}
    </span>
  )
}
