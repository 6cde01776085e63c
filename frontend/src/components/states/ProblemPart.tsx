import type { Problem } from '../../graphql/problem'
import { Button } from '../Button'
import { Note } from '../Note'
import { problemText } from './problemText'
import { useFormat, useTexts } from '../../texts/useTexts'

interface Props {
  problem: Problem
  onRetry: () => void
}

export function ProblemPart({ problem, onRetry }: Props) {
  const texts = useTexts()
  const format = useFormat()
  const { site } = texts
  const { heading, text } = problemText(texts, format, problem, new Date())
  return (
    <Note kind="problem" heading={heading} focus>
      {text !== '' && <p>{text}</p>}
      {problem.violations.length > 0 && (
        <ul>
          {problem.violations.map((violation) => (
            <li key={`${violation.path} ${violation.rule}`}>{violation.message}</li>
          ))}
        </ul>
      )}
      {problem.mayRetry && problem.code !== 'RATE_LIMITED' && <Button onClick={onRetry}>{site.retry}</Button>}
    </Note>
  )
}
