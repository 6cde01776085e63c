import type { ReactNode } from 'react'
import hidden from '../../styles/hidden.module.css'
import styles from './DataTable.module.css'

interface Props {
  caption: string
  /** Where no heading above says the same. */
  isCaptionShown?: boolean
  /** Whether the last column stays in sight where the table scrolls sideways: it has the buttons. */
  isLastColumnKept?: boolean
  heads: readonly string[]
  /** What is said instead of an empty table. */
  empty: string
  rows: readonly { key: string; cells: readonly ReactNode[] }[]
}

/** A table that scrolls sideways by itself where it is too wide for the window. */
export function DataTable({
  caption,
  isCaptionShown = false,
  isLastColumnKept = false,
  heads,
  empty,
  rows,
}: Props) {
  if (rows.length === 0) return <p>{empty}</p>
  return (
    // A region that scrolls must be reachable by the keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.scroll} role="region" aria-label={caption} tabIndex={0}>
      <table className={styles.table} data-last-kept={isLastColumnKept}>
        <caption className={isCaptionShown ? undefined : hidden.hidden}>{caption}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, index) => (
                <td key={heads[index]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
