import { Link } from 'wouter'
import { Note } from '../../components/Note'
import { useBudget } from '../budgets/useBudget'
import { fieldId } from '../editor/useEditor'
import { budgetPath } from '../paths'
import { useDeskTexts } from '../texts/useDeskTexts'

/** Why the budget can't be opened yet. Each reason leads to its field. */
export function ProblemsBeforeOpening() {
  const { editor: texts, running } = useDeskTexts()
  const { budget } = useBudget()
  const blocking = budget.problems.filter((problem) => problem.blocking)
  if (blocking.length === 0) return <Note kind="good" heading={running.ready} />
  return (
    <Note kind="plain" heading={texts.problems(blocking.length)}>
      <ul>
        {blocking.map(({ path, rule, message }) => (
          <li key={`${path} ${rule}`}>
            <Link href={`${budgetPath(budget.slug, 'edit')}#${fieldId(path)}`}>
              <bdi>{message}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </Note>
  )
}
