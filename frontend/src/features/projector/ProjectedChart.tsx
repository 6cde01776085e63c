import { useId } from 'react'
import { useFormat, useTexts } from '../../texts/useTexts'
import { scaleEnd, type ComparisonLine } from '../results/comparisonLines'
import styles from './ProjectedChart.module.css'

/** More lines than this stand in two columns, where a label may take two lines of smaller letters. */
const LINES_IN_A_COLUMN = 10

interface Props {
  lines: readonly ComparisonLine[]
  /** Whether the budget takes no more answers. */
  isOver: boolean
}

/** The averages as bars, in the order of the budget, so that no line moves away while a hall reads it. */
export function ProjectedChart({ lines, isOver }: Props) {
  const { results, projector } = useTexts()
  const format = useFormat()
  const id = useId()
  const end = scaleEnd(lines)
  const columns = lines.length > LINES_IN_A_COLUMN ? 2 : 1
  const rows = Math.ceil(lines.length / columns)
  const hasReal = lines.some(({ real }) => real !== undefined)
  return (
    <section className={styles.chart} aria-labelledby={id} data-columns={columns} style={{ '--rows': rows }}>
      <h2 id={id} className={styles.heading}>
        {isOver ? results.averagesAtEnd : results.averages}
      </h2>
      <ol className={styles.lines}>
        {lines.map(({ key, label, everyone, real }) => (
          <li key={key} className={styles.line} data-category={key}>
            <p className={styles.label}>
              <bdi>{label}</bdi>
            </p>
            <p className={styles.share}>{everyone === undefined ? '–' : format.percent(everyone)}</p>
            {real !== undefined && (
              <p className={styles.heading}>{`${projector.real}: ${format.percent(real)}`}</p>
            )}
            <div className={styles.scale} aria-hidden="true">
              {everyone !== undefined && (
                <div className={styles.bar} style={{ inlineSize: `${(everyone / end) * 100}%` }} />
              )}
              {real !== undefined && (
                <div className={styles.real} style={{ insetInlineStart: `${(real / end) * 100}%` }} />
              )}
            </div>
          </li>
        ))}
      </ol>
      {hasReal && (
        <p className={styles.legend} aria-hidden="true">
          <span className={styles.tick} />
          <span>{projector.real}</span>
        </p>
      )}
    </section>
  )
}
