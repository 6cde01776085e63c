import type { Problem } from '../graphql/problem'
import { problemText, site } from '../texts/en'
import { Button } from './Button'

interface Props {
  problem: Problem
  onRetry: () => void
}

/** Stands in the place of a page that could not be loaded, as its heading. */
export function PageProblem({ problem, onRetry }: Props) {
  const { heading, text } = problemText(problem, new Date())
  return (
    <>
      <h1>{heading}</h1>
      {text !== '' && <p>{text}</p>}
      <p>
        <Button onClick={onRetry}>{site.retry}</Button>
      </p>
    </>
  )
}
