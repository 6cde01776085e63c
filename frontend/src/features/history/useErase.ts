import { useState } from 'react'
import { useMutation } from 'urql'
import { graphql } from '../../gql'
import type { EraseMyDataInput } from '../../gql/graphql'
import { problemOf, type Problem } from '../../graphql/problem'
import { forgetAll } from '../participate/tabStorage'

const EraseMutation = graphql(`
  mutation EraseMyData($input: EraseMyDataInput!) {
    eraseMyData(input: $input) {
      erased {
        submissions
      }
    }
  }
`)

export type Erasing =
  | { state: 'idle' }
  | { state: 'asking' }
  | { state: 'erasing' }
  | { state: 'erased'; submissions: number }
  | { state: 'failed'; problem: Problem }

/** Erases after the person has confirmed it. */
export function useErase() {
  const [erasing, setErasing] = useState<Erasing>({ state: 'idle' })
  const [, execute] = useMutation(EraseMutation)

  async function erase(input: EraseMyDataInput) {
    setErasing({ state: 'erasing' })
    const { data, error } = await execute({ input })
    if (data) {
      // What the tab keeps would show an erased answer, or offer to revise it.
      forgetAll(input.budget ?? undefined)
      const submissions = data.eraseMyData.erased.reduce((sum, { submissions }) => sum + submissions, 0)
      setErasing({ state: 'erased', submissions })
    } else if (error) {
      setErasing({ state: 'failed', problem: problemOf(error) })
    }
    return data !== undefined
  }

  return {
    erasing,
    erase,
    ask: () => {
      setErasing({ state: 'asking' })
    },
    keep: () => {
      setErasing({ state: 'idle' })
    },
  }
}
