import type { Problem } from '../../graphql/problem'
import { Button } from '../Button'
import { problemText } from './problemText'
import { useFormat, useTexts } from '../../texts/useTexts'

interface Props {
  problem: Problem
  onRetry: () => void
}

/** The content of a page whose data could not be loaded. */
export function ProblemContent({ problem, onRetry }: Props) {
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
