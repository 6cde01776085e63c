import { Note } from '../../components/Note'
import type { Problem } from '../../graphql/problem'
import type { Draft } from '../editor/draft'
import { useDeskTexts } from '../texts/useDeskTexts'
import { useProblemWords } from './useProblemWords'

interface Props {
  problem: Problem | undefined
  /** The budget that was to be changed: its categories have names. */
  draft?: Draft
  /** Said where the form itself signs in. */
  wrongPassword?: string
}

/** Why the server has refused a change. */
export function ChangeProblem({ problem, draft, wrongPassword }: Props) {
  const { problems: texts } = useDeskTexts()
  const words = useProblemWords(draft)
  if (!problem) return null
  const heading =
    problem.code === 'UNAUTHENTICATED' && wrongPassword !== undefined ? wrongPassword : words.heading(problem)
  return (
    <Note kind="problem" heading={heading} focus>
      {problem.violations.length > 1 && (
        <ul>
          {problem.violations.map((violation) => (
            <li key={`${violation.path} ${violation.rule}`}>
              <bdi>{words.violation(violation)}</bdi>
            </li>
          ))}
        </ul>
      )}
      {problem.retryAfterSeconds !== undefined && <p>{texts.retryAfter(problem.retryAfterSeconds)}</p>}
    </Note>
  )
}
