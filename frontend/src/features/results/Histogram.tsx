import type { BasisPoints } from '../../domain/share'
import { holds, trimmed, type Bin } from './bins'
import { useFormat, useTexts } from '../../texts/useTexts'
import styles from './Histogram.module.css'

interface Props {
  bins: readonly Bin[]
  mine: BasisPoints | undefined
  mineLabel: string
}

/** A bar for each bin. It is a list, so that a screen reader reads it bin by bin. */
export function Histogram({ bins, mine, mineLabel }: Props) {
  const { distribution: texts } = useTexts()
  const format = useFormat()
  const shown = trimmed(bins, mine)
  const highest = Math.max(1, ...shown.map(({ count }) => count))
  return (
    <ol className={styles.histogram} aria-label={texts.histogram}>
      {shown.map((bin, index) => {
        const isMine = mine !== undefined && holds(bin, mine)
        return (
          <li key={bin.from} data-mine={isMine}>
            <span className={styles.words}>
              {`${texts.bin(bin.from, bin.to, bin.count)}${isMine ? ` (${mineLabel})` : ''}`}
            </span>
            <svg className={styles.bar} aria-hidden="true">
              <rect
                y={`${100 - (bin.count / highest) * 100}%`}
                width="100%"
                height={`${(bin.count / highest) * 100}%`}
              />
            </svg>
            <span className={styles.mine} aria-hidden="true">
              {isMine && '●'}
            </span>
            <span className={styles.from} aria-hidden="true">
              {index % 2 === 0 && format.percent(bin.from)}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
