import { useSubscription } from 'urql'
import type { LiveAggregateSubscription, LiveAggregateSubscriptionVariables } from '../gql/graphql'
import { newest } from '../domain/snapshotOrder'
import { problemOf, type Problem } from '../graphql/problem'
import { AggregateSubscription, type Snapshot } from './snapshot'

/**
 * The newest snapshot seen, from the page's own query or pushed. What is shown never goes back in time: after a
 * reconnect another node may at first answer with an older one.
 */
export function useLiveSnapshot(
  budget: string,
  initial: Snapshot | null,
): { snapshot: Snapshot | undefined; problem: Problem | undefined } {
  const [{ data, error }] = useSubscription<
    LiveAggregateSubscription,
    Snapshot,
    LiveAggregateSubscriptionVariables
  >({ query: AggregateSubscription, variables: { budget } }, (shown, { aggregate }) =>
    newest(shown, aggregate),
  )
  return {
    snapshot: data ? newest(initial ?? undefined, data) : (initial ?? undefined),
    problem: error && problemOf(error),
  }
}
