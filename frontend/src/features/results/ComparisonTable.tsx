import { gapToBudget, gapToEveryone, type ComparisonLine, type Subject } from './comparisonLines'
import { useFormat, useTexts } from '../../texts/useTexts'
import styles from './ComparisonTable.module.css'

interface Props {
  caption: string
  lines: readonly ComparisonLine[]
  subject: Subject
}

/** The chart's numbers as a table. */
export function ComparisonTable({ caption, lines, subject }: Props) {
  const { results } = useTexts()
  const format = useFormat()
  const hasMine = lines.some(({ mine }) => mine !== undefined)
  const hasReal = lines.some(({ real }) => real !== undefined)
  const share = (value: number | undefined) => (value === undefined ? '–' : format.percentColumn(value))
  const points = (value: number | undefined) => (value === undefined ? '–' : format.signedPoints(value))
  return (
    // A narrow window scrolls the table sideways, so the keyboard must reach it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.frame} role="region" aria-label={results.table} tabIndex={0}>
      <table className={styles.table}>
        <caption className={styles.caption}>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{results.line}</th>
            {hasMine && <th scope="col">{results[subject]}</th>}
            <th scope="col">{results.everyone}</th>
            {hasReal && <th scope="col">{results.real}</th>}
            {hasMine && <th scope="col">{results.mineMinusEveryone}</th>}
            {hasReal && <th scope="col">{results.everyoneMinusReal}</th>}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.key}>
              <th scope="row">{line.label}</th>
              {hasMine && <td>{share(line.mine)}</td>}
              <td>{share(line.everyone)}</td>
              {hasReal && <td>{share(line.real)}</td>}
              {hasMine && <td>{points(gapToEveryone(line))}</td>}
              {hasReal && <td>{points(gapToBudget(line))}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
