import { useEffect, type ReactNode } from 'react'
import { useSubscription } from 'urql'
import { Tag } from '../components/Tag'
import { useFormat } from '../../texts/useTexts'
import type { JobFieldsFragment } from '../gql/graphql'
import { useDeskTexts } from '../texts/useDeskTexts'
import { JobChanged } from './operationsOperations'
import styles from './Operations.module.css'

type Outcome = NonNullable<JobFieldsFragment['outcome']>

interface Props {
  job: JobFieldsFragment
  /** Called when a job ends that has not ended in `job`. */
  onEnd: () => void
  /** Offered for a job that has failed. */
  children: ReactNode
}

/** The state of a job, pushed until it has ended. */
export function JobProgress({ job, onEnd, children }: Props) {
  const { operations: texts } = useDeskTexts()
  const format = useFormat()
  const [{ data }] = useSubscription({
    query: JobChanged,
    variables: { id: job.id },
    pause: job.finishedAt !== null,
  })
  const { startedAt, finishedAt, progress, total, outcome, error } = data?.jobChanged ?? job
  const hasEnded = finishedAt !== null
  const isNews = hasEnded && job.finishedAt === null
  useEffect(() => {
    if (isNews) onEnd()
    // The list is asked once, whatever function it gives.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isNews])
  const seconds =
    hasEnded && startedAt !== null
      ? Math.max(1, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)
      : undefined
  return (
    <>
      {hasEnded && error === null && <Tag kind="good">{texts.done}</Tag>}
      {hasEnded && error !== null && <Tag kind="bad">{texts.failed}</Tag>}
      {!hasEnded && <Tag>{startedAt === null ? texts.waiting : texts.running}</Tag>}{' '}
      {outcome && <OutcomeText outcome={outcome} error={error} />}{' '}
      {seconds !== undefined && format.duration(seconds)}
      {!hasEnded && total !== null && total > 0 && (
        <>
          <progress
            className={styles.progress}
            value={progress ?? 0}
            max={total}
            aria-label={texts.progress}
          />{' '}
          {texts.of(format.count(progress ?? 0), format.count(total))}
        </>
      )}
      {hasEnded && error !== null && children}
    </>
  )
}

/** What an attempt came to. Why a database failed, only the server's own words tell. */
function OutcomeText({ outcome, error }: { outcome: Outcome; error: string | null }) {
  const { operations: texts } = useDeskTexts()
  const { code, count, budgets } = outcome
  if (code === 'FAILED') return <span lang="en">{error}</span>
  return texts.outcomes[code](count ?? 0, budgets.join(', '))
}
