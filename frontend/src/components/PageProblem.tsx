import type { Problem } from '../graphql/problem'
import { Button } from './Button'
import { problemText } from '../texts/problemText'
import { useFormat, useTexts } from '../texts/useTexts'

interface Props {
  problem: Problem
  onRetry: () => void
}

/** Stands in the place of a page that could not be loaded, as its heading. */
export function PageProblem({ problem, onRetry }: Props) {
  const texts = useTexts()
  const format = useFormat()
  const { site } = texts
  const { heading, text } = problemText(texts, format, problem, new Date())
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
