import type { BasisPoints } from '../../domain/share'
import { holds, trimmed, type Bin } from './bins'
import { useFormat, useTexts } from '../../texts/useTexts'
import styles from './Histogram.module.css'

interface Props {
  bins: readonly Bin[]
  mine: BasisPoints | undefined
  mineLabel: string
}

/**
 * A bar for each bin, as wide as its bin; the area shows the number, because the server merges bins with few answers. It is
 * a list, so that a screen reader reads it bin by bin.
 */
export function Histogram({ bins, mine, mineLabel }: Props) {
  const { distribution: texts } = useTexts()
  const format = useFormat()
  const shown = trimmed(bins, mine)
  const density = ({ from, to, count }: Bin) => count / (to - from)
  const highest = Math.max(Number.EPSILON, ...shown.map(density))
  const columns = shown.map(({ from, to }) => `minmax(0, ${to - from}fr)`).join(' ')
  return (
    <ol className={styles.histogram} style={{ gridTemplateColumns: columns }} aria-label={texts.histogram}>
      {shown.map((bin, index) => {
        const height = (density(bin) / highest) * 100
        const isMine = mine !== undefined && holds(bin, mine)
        return (
          <li key={bin.from} data-mine={isMine}>
            <span className={styles.words}>
              {`${texts.bin(bin.from, bin.to, bin.count)}${isMine ? ` (${mineLabel})` : ''}`}
            </span>
            <svg className={styles.bar} aria-hidden="true">
              <rect y={`${100 - height}%`} width="100%" height={`${height}%`} />
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
