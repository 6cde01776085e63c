import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react'
import { useSubscription } from 'urql'
import type { LiveAggregateSubscription, LiveAggregateSubscriptionVariables } from '../gql/graphql'
import { newest } from './snapshotOrder'
import { problemOf, type Problem } from '../graphql/problem'
import { AggregateSubscription, type Snapshot } from './snapshot'
import { SnapshotPacer, type Shown } from './snapshotPacer'

export interface LiveSnapshot extends Shown<Snapshot> {
  readonly problem: Problem | undefined
  readonly setPaused: (paused: boolean) => void
}

/**
 * The newest snapshot, from the page's query or pushed, at a readable pace. An older snapshot never replaces a newer one:
 * after a reconnect, another node may send an older one first.
 */
export function useLiveSnapshot(
  budget: string,
  initial: Snapshot | null,
  /** The server shows this viewer no results any more. */
  onHidden?: () => void,
): LiveSnapshot {
  const [{ data, error }] = useSubscription<
    LiveAggregateSubscription,
    Snapshot,
    LiveAggregateSubscriptionVariables
  >({ query: AggregateSubscription, variables: { budget } }, (shown, { aggregate }) =>
    newest(shown, aggregate),
  )
  const [pacer] = useState(() => {
    const made = new SnapshotPacer<Snapshot>()
    if (initial) made.push(initial)
    return made
  })
  const latest = data ? newest(initial ?? undefined, data) : initial

  useEffect(() => {
    if (latest) pacer.push(latest)
  }, [pacer, latest])

  const problem = error && problemOf(error)
  const isHidden = problem?.code === 'RESULTS_HIDDEN'
  const tellHidden = useEffectEvent(() => onHidden?.())

  useEffect(() => {
    if (isHidden) tellHidden()
  }, [isHidden])

  const shown = useSyncExternalStore(pacer.subscribe, pacer.current)
  return {
    ...shown,
    problem,
    setPaused(paused) {
      if (paused) pacer.pause()
      else pacer.resume()
    },
  }
}
