import type { ReactNode } from 'react'
import styles from './Tiles.module.css'

/** Figures side by side. */
export function Tiles({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <dl className={styles.tiles} aria-label={label}>
      {children}
    </dl>
  )
}

export function Tile({ name, value, id }: { name: string; value: string; id: string }) {
  return (
    <div data-figure={id}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
