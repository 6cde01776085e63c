import { Note } from '../../components/Note'
import type { BudgetFieldsFragment } from '../gql/graphql'
import { useProblemWords } from '../components/useProblemWords'
import { useDeskTexts } from '../texts/useDeskTexts'
import { fieldId, useEditor } from './useEditor'

/** What must be mended before the budget can be opened. Each problem leads to its field. */
export function ProblemList({ problems }: { problems: BudgetFieldsFragment['problems'] }) {
  const { editor: texts } = useDeskTexts()
  const { draft } = useEditor()
  const words = useProblemWords(draft)
  const blocking = problems.filter((problem) => problem.blocking)
  if (blocking.length === 0) return null
  return (
    <Note kind="plain" heading={texts.problems(blocking.length)}>
      <ul>
        {blocking.map((problem) => (
          <li key={`${problem.path} ${problem.rule}`}>
            <a
              href={`#${fieldId(problem.path)}`}
              onClick={(event) => {
                const field = document.getElementById(fieldId(problem.path))
                if (!field) return
                event.preventDefault()
                field.focus()
                field.scrollIntoView({ block: 'center' })
              }}
            >
              <bdi>{words.violation(problem)}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </Note>
  )
}
