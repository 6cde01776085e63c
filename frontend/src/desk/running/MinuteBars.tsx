import { useFormat } from '../../texts/useTexts'
import { useDeskTexts } from '../texts/useDeskTexts'
import styles from './Figures.module.css'

interface Props {
  perMinute: readonly { minute: string; count: number }[]
}

/** The submissions of each of the last minutes. */
export function MinuteBars({ perMinute }: Props) {
  const { running: texts } = useDeskTexts()
  const format = useFormat()
  const most = Math.max(0, ...perMinute.map(({ count }) => count))
  const height = (count: number) => count / Math.max(1, most)
  const sum = perMinute.reduce((total, { count }) => total + count, 0)
  const label = texts.perMinute(sum, most)
  return (
    <>
      <svg
        className={styles.minutes}
        viewBox={`0 0 ${perMinute.length} 1`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {perMinute.map(({ minute, count }, index) => (
          <rect key={minute} x={index + 0.1} width={0.8} y={1 - height(count)} height={height(count)}>
            <title>{`${format.minute(new Date(minute))}: ${format.count(count)}`}</title>
          </rect>
        ))}
      </svg>
      <p className={styles.caption}>{label}</p>
    </>
  )
}
