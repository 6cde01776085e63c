import styles from './CountBars.module.css'

interface Props {
  /** Says in words what the bars show. */
  label: string
  bars: readonly { key: string; title: string; count: number }[]
}

/** Counts of equal spans of time, the oldest first. */
export function CountBars({ label, bars }: Props) {
  const most = Math.max(1, ...bars.map(({ count }) => count))
  return (
    <>
      <svg
        className={styles.bars}
        viewBox={`0 0 ${Math.max(1, bars.length)} 1`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {bars.map(({ key, title, count }, index) => (
          <rect key={key} x={index + 0.1} width={0.8} y={1 - count / most} height={count / most}>
            <title>{title}</title>
          </rect>
        ))}
      </svg>
      <p className={styles.caption}>{label}</p>
    </>
  )
}
