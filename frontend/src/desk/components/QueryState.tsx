import type { CombinedError } from 'urql'
import { Button } from '../../components/Button'
import { LoadingPart } from '../../components/states/LoadingPart'
import { problemOf } from '../../graphql/problem'
import { useTexts } from '../../texts/useTexts'
import { ChangeProblem } from './ChangeProblem'

interface Props {
  error: CombinedError | undefined
  onRetry: () => void
}

/** What stands in the place of data that is not there (yet). */
export function QueryState({ error, onRetry }: Props) {
  const { site } = useTexts()
  if (!error) return <LoadingPart />
  const problem = problemOf(error)
  return (
    <>
      <ChangeProblem problem={problem} />
      {problem.mayRetry && <Button onClick={onRetry}>{site.retry}</Button>}
    </>
  )
}
