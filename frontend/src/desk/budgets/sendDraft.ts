import type { Client } from 'urql'
import { problemOf } from '../../graphql/problem'
import { draftOf } from '../editor/draft'
import type { Saved, Send } from '../editor/draftSaver'
import type { BudgetFeed, DeskBudget } from './budgetFeed'
import { UpdateBudget } from './budgetOperations'

export function savedOf({ version, draft }: DeskBudget): Saved {
  return { version, draft: draftOf(draft) }
}

/** Sends a change of the draft by the API of the desk. */
export function sendDraft(client: Client, feed: BudgetFeed): Send {
  return async (budget, version, patch) => {
    const { data, error } = await client
      .mutation(UpdateBudget, { input: { budget, version, patch } })
      .toPromise()
    if (data) {
      feed.take(data.updateBudget)
      return { kind: 'saved', saved: savedOf(data.updateBudget) }
    }
    if (!error) return { kind: 'no-answer' }
    const problem = problemOf(error)
    if (problem.code === 'UNAUTHENTICATED') return { kind: 'signed-out' }
    if (problem.code === 'CONFLICT') {
      const now = await feed.load()
      return now ? { kind: 'conflict', saved: savedOf(now) } : { kind: 'no-answer' }
    }
    return problem.code === 'NO_ANSWER' || problem.mayRetry
      ? { kind: 'no-answer' }
      : { kind: 'refused', problem }
  }
}
