import type { BasisPoints } from '../../domain/share'
import { Marks } from './Marks'
import { useTexts } from '../../texts/useTexts'
import styles from './ComparisonHead.module.css'

interface Props {
  mineLabel: string | undefined
  hasReal: boolean
  end: BasisPoints
}

/** The heads of the columns of figures. Each has its mark, so that they are also the legend of the scales. */
export function ComparisonHead({ mineLabel, hasReal, end }: Props) {
  const { results } = useTexts()
  return (
    <div className={styles.head}>
      <p className={styles.scale}>{results.scale(end)}</p>
      <div className={styles.columns} aria-hidden="true">
        {mineLabel !== undefined && <Column label={mineLabel} mine={50} />}
        <Column label={results.everyone} everyone={100} />
        {hasReal && <Column label={results.real} real={50} />}
      </div>
    </div>
  )
}

interface ColumnProps {
  label: string
  mine?: number
  everyone?: number
  real?: number
}

function Column({ label, mine, everyone, real }: ColumnProps) {
  return (
    <span className={styles.column}>
      <span className={styles.mark}>
        <Marks end={100} mine={mine} everyone={everyone} real={real} />
      </span>
      <span>{label}</span>
    </span>
  )
}
