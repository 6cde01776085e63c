import { useCallback, useState } from 'react'
import { useClient, type AnyVariables, type TypedDocumentNode } from 'urql'
import { problemOf, type Problem } from '../../graphql/problem'

export interface Change<Data, Variables> {
  /** Returns the data, or undefined if the server has refused; then `problem` says why. */
  readonly run: (variables: Variables) => Promise<Data | undefined>
  readonly isRunning: boolean
  readonly problem: Problem | undefined
  readonly forget: () => void
}

/** A mutation with its state. */
export function useChange<Data, Variables extends AnyVariables>(
  mutation: TypedDocumentNode<Data, Variables>,
): Change<Data, Variables> {
  const client = useClient()
  const [isRunning, setIsRunning] = useState(false)
  const [problem, setProblem] = useState<Problem>()

  const run = useCallback(
    async (variables: Variables) => {
      setIsRunning(true)
      setProblem(undefined)
      const { data, error } = await client.mutation(mutation, variables).toPromise()
      setIsRunning(false)
      if (error) setProblem(problemOf(error))
      return error ? undefined : data
    },
    [client, mutation],
  )
  const forget = useCallback(() => {
    setProblem(undefined)
  }, [])
  return { run, isRunning, problem, forget }
}
