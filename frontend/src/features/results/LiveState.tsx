import { useConnection } from '../../graphql/useConnection'
import type { Snapshot } from '../../live/snapshot'
import { useFormat, useTexts } from '../../texts/useTexts'
import { Note } from '../../components/Note'
import styles from './LiveState.module.css'

interface Props {
  snapshot: Snapshot | undefined
  paused: boolean
  missed: number
  onPause: (paused: boolean) => void
}

/** The number of participants, the time of the numbers, and the state of the live connection. */
export function LiveState({ snapshot, paused, missed, onPause }: Props) {
  const { results, connection: states } = useTexts()
  const format = useFormat()
  const connection = useConnection()
  if (!snapshot) return <p className={styles.line}>{results.waiting}</p>
  return (
    <>
      <div className={styles.line}>
        <p>
          <strong data-testid="counts">
            {results.counts(snapshot.participantCount, snapshot.submissionCount)}
          </strong>
        </p>
        <p className={styles.when}>
          {paused
            ? results.paused(format.clock(snapshot.asOf), missed)
            : connection === 'idle'
              ? results.asOf(format.clock(snapshot.asOf))
              : results.stateAsOf(states[connection], format.clock(snapshot.asOf))}
        </p>
        <p className={styles.note}>{results.selfSelected}</p>
        <button
          type="button"
          className={styles.pause}
          aria-pressed={paused}
          onClick={() => {
            onPause(!paused)
          }}
        >
          <svg viewBox="0 0 12 12" aria-hidden="true">
            {paused ? <path d="M2.5 1.5v9l8-4.5z" /> : <path d="M2 1.5h3v9H2zM7 1.5h3v9H7z" />}
          </svg>
          <span>{results.pause}</span>
        </button>
      </div>
      {connection === 'polling' && <p className={styles.hint}>{results.polling}</p>}
      {snapshot.stale && <Note kind="plain" heading={results.stale} />}
    </>
  )
}
