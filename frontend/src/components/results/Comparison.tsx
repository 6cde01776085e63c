import { scaleEnd, type ComparisonLine } from '../../live/comparison'
import { ComparisonHead } from './ComparisonHead'
import { Marks } from './Marks'
import { useFormat, useTexts } from '../../texts/useTexts'
import styles from './Comparison.module.css'

interface Props {
  lines: readonly ComparisonLine[]
  mineLabel: string
}

/** Mine, everyone and the real budget, line by line: the figures to read, and below them one scale with three marks. */
export function Comparison({ lines, mineLabel }: Props) {
  const { results } = useTexts()
  const end = scaleEnd(lines)
  const hasMine = lines.some(({ mine }) => mine !== undefined)
  const hasReal = lines.some(({ real }) => real !== undefined)
  return (
    <div className={styles.comparison}>
      <ComparisonHead mineLabel={hasMine ? mineLabel : undefined} hasReal={hasReal} end={end} />
      <ol className={styles.lines}>
        {lines.map(({ key, label, mine, everyone, real }) => (
          <li key={key} className={styles.line} data-category={key}>
            <h3 className={styles.label}>{label}</h3>
            <dl className={styles.figures}>
              {hasMine && <Figure kind="mine" label={mineLabel} share={mine} />}
              <Figure kind="everyone" label={results.everyone} share={everyone} />
              {hasReal && <Figure kind="real" label={results.real} share={real} />}
            </dl>
            <div className={styles.scale}>
              <Marks end={end} mine={mine} everyone={everyone} real={real} />
            </div>
          </li>
        ))}
      </ol>
    </div>
  )
}

function Figure({ kind, label, share }: { kind: string; label: string; share: number | undefined }) {
  const format = useFormat()
  return (
    <div data-figure={kind}>
      <dt>{label}</dt>
      <dd>{share === undefined ? '–' : format.percentColumn(share)}</dd>
    </div>
  )
}
