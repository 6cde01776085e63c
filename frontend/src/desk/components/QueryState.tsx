import type { CombinedError } from 'urql'
import { LoadingPart } from '../../components/states/LoadingPart'
import { ProblemPart } from '../../components/states/ProblemPart'
import { problemOf } from '../../graphql/problem'

interface Props {
  error: CombinedError | undefined
  onRetry: () => void
}

/** What stands in the place of data that is not there (yet). */
export function QueryState({ error, onRetry }: Props) {
  return error ? <ProblemPart problem={problemOf(error)} onRetry={onRetry} /> : <LoadingPart />
}
