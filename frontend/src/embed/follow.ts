import type { Connection } from '../graphql/connection'
import { errorCode } from '../graphql/errorCodes'
import { newest } from '../live/snapshotOrder'
import { SnapshotPacer } from '../live/snapshotPacer'
import { ask, connectionMonitor, subscriptions } from './api'
import type { EmbeddedBudgetQuery } from './gql/graphql'
import { BudgetQuery, ResultsSubscription, type Results } from './operations'
import { sentText } from './sentText'

export type Budget = NonNullable<EmbeddedBudgetQuery['budget']>

export interface State {
  /** Undefined until the server has answered, null if there is no such budget. */
  readonly budget: Budget | null | undefined
  readonly results: Results | undefined
  /** The server does not show the results to everybody now. */
  readonly isHidden: boolean
  readonly connection: Connection
}

/** Nothing tells a frame that a budget was paused or closed, or that its results are shown now. */
const ASK_EVERY_MS = 30_000
const ASK_AGAIN_AFTER_MS = 5_000

/** Asks for the budget now and from time to time, follows its results if they are wanted, and tells every change. */
export function follow(
  slug: string,
  language: string,
  wantsResults: boolean,
  show: (state: State) => void,
): void {
  let state: State = { budget: undefined, results: undefined, isHidden: false, connection: 'idle' }
  let received: Results | undefined
  let isFollowing = false
  const pacer = new SnapshotPacer<Results>()
  pacer.subscribe(() => {
    change({ results: pacer.current().snapshot })
  })
  connectionMonitor.subscribe(() => {
    change({ connection: connectionMonitor.current() })
  })
  void load()

  function change(changes: Partial<State>): void {
    state = { ...state, ...changes }
    show(state)
  }

  async function load(): Promise<void> {
    let wait = ASK_EVERY_MS
    try {
      const { data } = await ask(BudgetQuery, { budget: slug, language })
      if (!data) throw new Error('no data')
      change({ budget: data.budget ?? null })
      if (data.budget && wantsResults && !isFollowing) followResults()
    } catch {
      wait = ASK_AGAIN_AFTER_MS
    }
    // Longer by chance, so that not everybody asks at the same moment.
    setTimeout(() => void load(), wait * (1 + Math.random() / 5))
  }

  function followResults(): void {
    isFollowing = true
    subscriptions({ query: sentText(ResultsSubscription), variables: { budget: slug } }).subscribe({
      next({ data }) {
        received = newest(received, data?.aggregate as Results)
        pacer.push(received)
        if (state.isHidden) change({ isHidden: false })
      },
      error(errors) {
        // Tried again when the budget is asked for the next time.
        isFollowing = false
        change({ isHidden: errors.some((error) => errorCode(error.extensions) === 'RESULTS_HIDDEN') })
      },
    })
  }
}
