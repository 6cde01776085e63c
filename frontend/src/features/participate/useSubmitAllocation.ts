import { useState } from 'react'
import type { Challenge } from 'altcha/lib'
import { useClient, useMutation } from 'urql'
import type { Allocation } from '../../domain/allocation'
import { IdempotencyKeys } from './idempotency'
import { toPercent } from '../../domain/share'
import { graphql } from '../../gql'
import type { SubmitAllocationInput } from '../../gql/graphql'
import { problemOf, type Problem } from '../../graphql/problem'
import { forgetAnswer, storeAnswer } from './answerStorage'
import { challengeOf } from './challenge/challengeOf'
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
  /** `working`: the device solves a challenge of the server before it sends again. */
  | { state: 'sending'; working: boolean }
  | { state: 'counted'; id: string; replaced: boolean; cookie: Cookie }
  /** Submitted from this tab without a cookie, before the page was loaded again. */
  | { state: 'counted-before'; id: string }
  | { state: 'refused'; problem: Problem; tries: number }

const MOST_CHALLENGES = 5

/** The solver is loaded when it is needed first. Without one, what the server answered is shown. */
async function solution(challenge: Challenge): Promise<string | undefined> {
  try {
    const { solve } = await import('./challenge/solve')
    return await solve(challenge)
  } catch {
    return undefined
  }
}

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
    setSubmitting({ state: 'sending', working: false })
    setTries(tries + 1)
    const idempotencyKey = keys.keyFor(allocation)
    storePending(budget, { key: idempotencyKey, allocation })
    const { data, error } = await sendAndSolve({
      budget,
      shares: Object.entries(allocation).map(([category, share]) => ({
        category,
        percent: toPercent(share),
      })),
      remember,
      idempotencyKey,
      ...(code !== undefined && { code }),
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

  /**
   * Sends an answer. Where many come from one network, the server asks for some work first. Others may come in between,
   * so that more work is needed than was done: then the next challenge is solved.
   */
  async function sendAndSolve(input: SubmitAllocationInput) {
    let result = await send({ input })
    for (let round = 0; round < MOST_CHALLENGES; round += 1) {
      const challenge = result.error && challengeOf(result.error)
      if (!challenge) break
      setSubmitting({ state: 'sending', working: true })
      const challengeSolution = await solution(challenge)
      if (challengeSolution === undefined) break
      result = await send({ input: { ...input, challengeSolution } })
    }
    return result
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
