import { gapToBudget, gapToEveryone, scaleEnd, type ComparisonLine, type Subject } from './comparisonLines'
import { useFormat, useTexts } from '../../texts/useTexts'
import { ComparisonHead } from './ComparisonHead'
import { LineDisclosure } from './LineDisclosure'
import { Marks } from './Marks'
import styles from './Comparison.module.css'

interface Props {
  budget: string
  /** The version of the snapshot that is shown; an opened line is loaded again when it changes. */
  version: number | undefined
  lines: readonly ComparisonLine[]
  subject: Subject
}

/** The chart. Each line has its figures, three marks on one scale, the gaps in words, and the distribution when opened. */
export function Comparison({ budget, version, lines, subject }: Props) {
  const { results } = useTexts()
  const end = scaleEnd(lines)
  const hasMine = lines.some(({ mine }) => mine !== undefined)
  const hasReal = lines.some(({ real }) => real !== undefined)
  return (
    <div className={styles.comparison}>
      <ComparisonHead mineLabel={hasMine ? results[subject] : undefined} hasReal={hasReal} end={end} />
      <ol className={styles.lines}>
        {lines.map((line) => (
          <li key={line.key} className={styles.line} data-category={line.key}>
            <LineDisclosure budget={budget} version={version} line={line} subject={subject}>
              <dl className={styles.figures}>
                {hasMine && <Figure kind="mine" label={results[subject]} share={line.mine} />}
                <Figure kind="everyone" label={results.everyone} share={line.everyone} />
                {hasReal && <Figure kind="real" label={results.real} share={line.real} />}
              </dl>
              <div className={styles.scale}>
                <Marks end={end} mine={line.mine} everyone={line.everyone} real={line.real} />
              </div>
              <p className={styles.gap}>{results.gaps(subject, gapToEveryone(line), gapToBudget(line))}</p>
            </LineDisclosure>
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
