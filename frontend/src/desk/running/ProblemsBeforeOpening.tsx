import { useMemo } from 'react'
import { Link } from 'wouter'
import { Note } from '../../components/Note'
import { useBudget } from '../budgets/useBudget'
import { useProblemWords } from '../components/useProblemWords'
import { draftOf } from '../editor/draft'
import { fieldId } from '../editor/useEditor'
import { budgetPath } from '../paths'
import { useDeskTexts } from '../texts/useDeskTexts'
import { PublishEveryHint } from './PublishEveryHint'

/** Why the budget can't be opened yet. Each reason leads to its field. */
export function ProblemsBeforeOpening() {
  const { editor: texts, running } = useDeskTexts()
  const { budget } = useBudget()
  const draft = useMemo(() => draftOf(budget.draft), [budget.draft])
  const words = useProblemWords(draft)
  const blocking = budget.problems.filter((problem) => problem.blocking)
  if (blocking.length === 0)
    return (
      <Note kind="good" heading={running.ready}>
        <PublishEveryHint />
      </Note>
    )
  return (
    <Note kind="plain" heading={texts.problems(blocking.length)}>
      <ul>
        {blocking.map((problem) => (
          <li key={`${problem.path} ${problem.rule}`}>
            <Link href={`${budgetPath(budget.slug, 'edit')}#${fieldId(problem.path)}`}>
              <bdi>{words.violation(problem)}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </Note>
  )
}
