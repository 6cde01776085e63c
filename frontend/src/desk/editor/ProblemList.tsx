import { Note } from '../../components/Note'
import type { BudgetFieldsFragment } from '../gql/graphql'
import { useDeskTexts } from '../texts/useDeskTexts'
import { fieldId } from './useEditor'

/** What must be mended before the budget can be opened. Each problem leads to its field. */
export function ProblemList({ problems }: { problems: BudgetFieldsFragment['problems'] }) {
  const { editor: texts } = useDeskTexts()
  const blocking = problems.filter((problem) => problem.blocking)
  if (blocking.length === 0) return null
  return (
    <Note kind="plain" heading={texts.problems(blocking.length)}>
      <ul>
        {blocking.map(({ path, rule, message }) => (
          <li key={`${path} ${rule}`}>
            <a
              href={`#${fieldId(path)}`}
              onClick={(event) => {
                const field = document.getElementById(fieldId(path))
                if (!field) return
                event.preventDefault()
                field.focus()
                field.scrollIntoView({ block: 'center' })
              }}
            >
              <bdi>{message}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </Note>
  )
}
