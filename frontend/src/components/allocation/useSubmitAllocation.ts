import { useState } from 'react'
import { useMutation } from 'urql'
import type { Allocation } from '../../domain/allocation'
import { IdempotencyKeys } from '../../domain/idempotency'
import { toPercent } from '../../domain/share'
import { graphql } from '../../gql'
import { problemOf, type Problem } from '../../graphql/problem'

const SubmitAllocation = graphql(`
  mutation SubmitAllocation($input: SubmitAllocationInput!) {
    submitAllocation(input: $input) {
      submission {
        id
      }
      replaced {
        id
      }
    }
  }
`)

export type Submitting =
  | { state: 'editing' }
  | { state: 'sending' }
  | { state: 'counted'; id: string; replaced: boolean; remembered: boolean }
  | { state: 'refused'; problem: Problem; tries: number }

export function useSubmitAllocation(budget: string) {
  const [, send] = useMutation(SubmitAllocation)
  const [submitting, setSubmitting] = useState<Submitting>({ state: 'editing' })
  const [keys] = useState(() => new IdempotencyKeys())
  const [tries, setTries] = useState(0)
  /** The server has set the viewer's cookie since the page was loaded. */
  const [remembered, setRemembered] = useState(false)

  async function submit(allocation: Allocation, remember: boolean): Promise<void> {
    setSubmitting({ state: 'sending' })
    setTries(tries + 1)
    const { data, error } = await send({
      input: {
        budget,
        shares: Object.entries(allocation).map(([category, share]) => ({
          category,
          percent: toPercent(share),
        })),
        remember,
        idempotencyKey: keys.keyFor(allocation),
      },
    })
    if (data) {
      if (remember) setRemembered(true)
      const { submission, replaced } = data.submitAllocation
      setSubmitting({
        state: 'counted',
        id: submission.id,
        replaced: Boolean(replaced),
        remembered: remember,
      })
    } else if (error) {
      setSubmitting({ state: 'refused', problem: problemOf(error), tries })
    }
  }

  function edited(): void {
    // A note about the allocation before this edit would be read as one about the new one.
    if (submitting.state !== 'sending') setSubmitting({ state: 'editing' })
  }

  return { submitting, remembered, submit, edited }
}
