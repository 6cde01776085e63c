import { Note } from '../../components/Note'
import type { Problem } from '../../graphql/problem'
import { useDeskTexts } from '../texts/useDeskTexts'

/** Why the server has refused a change: its own words, and each rule that was broken. */
export function ChangeProblem({ problem }: { problem: Problem | undefined }) {
  const { problems: texts } = useDeskTexts()
  if (!problem) return null
  const heading = problem.code === 'NO_ANSWER' ? texts.noAnswer : problem.message
  return (
    <Note kind="problem" heading={heading} focus>
      {problem.violations.length > 0 && (
        <ul>
          {problem.violations.map(({ path, rule, message }) => (
            <li key={`${path} ${rule}`}>{message}</li>
          ))}
        </ul>
      )}
      {problem.retryAfterSeconds !== undefined && <p>{texts.retryAfter(problem.retryAfterSeconds)}</p>}
    </Note>
  )
}
