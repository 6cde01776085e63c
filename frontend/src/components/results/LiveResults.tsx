import { useId } from 'react'
import type { Allocation } from '../../domain/allocation'
import { comparisonLines, type ComparedCategory } from '../../live/comparison'
import { useLiveSnapshot } from '../../live/useLiveSnapshot'
import type { Snapshot } from '../../live/snapshot'
import { Comparison } from './Comparison'
import { Note } from '../Note'
import { useTexts } from '../../texts/useTexts'
import styles from './LiveResults.module.css'

interface Props {
  budget: string
  heading: string
  categories: readonly ComparedCategory[]
  initial: Snapshot | null
  mine?: Allocation | undefined
  mineLabel?: string
}

export function LiveResults({ budget, heading, categories, initial, mine, mineLabel }: Props) {
  const { results } = useTexts()
  const id = useId()
  const { snapshot, problem } = useLiveSnapshot(budget, initial)
  return (
    <section className={styles.results} aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      <p className={styles.state}>
        {snapshot ? (
          <>
            <strong data-testid="counts">
              {results.counts(snapshot.participantCount, snapshot.submissionCount)}
            </strong>
            , {results.asOf(snapshot.asOf)}.
          </>
        ) : (
          problem?.code !== 'RESULTS_HIDDEN' && results.waiting
        )}{' '}
        {snapshot?.participantCount === 0 && results.none}
      </p>
      {snapshot?.stale && <Note kind="plain" heading={results.stale} />}
      {problem && (
        <Note kind="plain" heading={problem.code === 'RESULTS_HIDDEN' ? results.hidden : problem.message} />
      )}
      <Comparison lines={comparisonLines(categories, snapshot, mine)} mineLabel={mineLabel ?? results.mine} />
      <p className={styles.note}>{results.selfSelected}</p>
    </section>
  )
}
