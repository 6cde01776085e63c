import type { Problem } from '../graphql/problem'
import { problemText, site } from '../texts/en'
import { Button } from './Button'
import { Note } from './Note'

interface Props {
  problem: Problem
  onRetry: () => void
}

export function ProblemNote({ problem, onRetry }: Props) {
  const { heading, text } = problemText(problem, new Date())
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
