import { useState } from 'react'
import { useClient, useMutation } from 'urql'
import type { Allocation } from '../../domain/allocation'
import { IdempotencyKeys } from './idempotency'
import { toPercent } from '../../domain/share'
import { graphql } from '../../gql'
import { problemOf, type Problem } from '../../graphql/problem'
import { forgetAnswer, storeAnswer } from './answerStorage'
import { forgetPending, storedPending, storePending } from './pendingStorage'

const SubmitAllocation = graphql(`
  mutation SubmitAllocation($input: SubmitAllocationInput!) {
    submitAllocation(input: $input) {
      submission {
        id
      }
      hasReplaced
    }
  }
`)

const WhoAmI = graphql(`
  query WhoAmI {
    viewer {
      participant
    }
  }
`)

/**
 * Whether the browser sends the participant's cookie after a submission. `unwanted`: no consent; `refused`: the browser
 * did not keep it; `unchecked`: the check failed; `unneeded`: a code is the participant.
 */
export type Cookie = 'unwanted' | 'kept' | 'refused' | 'unchecked' | 'unneeded'

export type Submitting =
  | { state: 'editing' }
  | { state: 'sending' }
  | { state: 'counted'; id: string; replaced: boolean; cookie: Cookie }
  /** Submitted from this tab without a cookie, before the page was loaded again. */
  | { state: 'counted-before'; id: string }
  | { state: 'refused'; problem: Problem; tries: number }

export function useSubmitAllocation(
  budget: string,
  categories: readonly string[],
  earlier: { readonly id: string } | undefined,
  code: string | undefined,
) {
  const client = useClient()
  const [, send] = useMutation(SubmitAllocation)
  const [submitting, setSubmitting] = useState<Submitting>(() =>
    earlier ? { state: 'counted-before', id: earlier.id } : { state: 'editing' },
  )
  const [keys] = useState(() => new IdempotencyKeys(storedPending(budget, categories)))
  const [tries, setTries] = useState(0)
  /** Whether the next submission replaces this one, by the cookie or by the code; undefined until that is known. */
  const [remembered, setRemembered] = useState<boolean>()

  async function submit(allocation: Allocation, remember: boolean): Promise<void> {
    setSubmitting({ state: 'sending' })
    setTries(tries + 1)
    const idempotencyKey = keys.keyFor(allocation)
    storePending(budget, { key: idempotencyKey, allocation })
    const { data, error } = await send({
      input: {
        budget,
        shares: Object.entries(allocation).map(([category, share]) => ({
          category,
          percent: toPercent(share),
        })),
        remember,
        idempotencyKey,
        ...(code !== undefined && { code }),
      },
    })
    if (data) {
      forgetPending(budget)
      const { submission, hasReplaced } = data.submitAllocation
      const cookie = code !== undefined ? 'unneeded' : remember ? await lookForCookie() : 'unwanted'
      const replaces = cookie === 'kept' || cookie === 'unneeded'
      if (replaces || cookie === 'refused') setRemembered(replaces)
      if (cookie === 'kept') forgetAnswer(budget)
      else storeAnswer(budget, { id: submission.id, allocation })
      setSubmitting({ state: 'counted', id: submission.id, replaced: hasReplaced, cookie })
    } else if (error) {
      setSubmitting({ state: 'refused', problem: problemOf(error), tries })
    }
  }

  /** A browser may drop a cookie silently. Only the next request shows whether it was kept. */
  async function lookForCookie(): Promise<Cookie> {
    const { data } = await client.query(WhoAmI, {}).toPromise()
    if (!data) return 'unchecked'
    return data.viewer.participant === null ? 'refused' : 'kept'
  }

  function edited(): void {
    // The notes about the last submission go: they would seem to be about the edited allocation.
    if (submitting.state !== 'sending') setSubmitting({ state: 'editing' })
  }

  /** Another person answers in the same tab. */
  function beginAnew(): void {
    keys.forget()
    forgetPending(budget)
    forgetAnswer(budget)
    setSubmitting({ state: 'editing' })
  }

  return { submitting, remembered, submit, edited, beginAnew }
}
