import { leftToGive } from '../../domain/allocation'
import { unreadable, type Draft } from './draft'
import { useTexts } from '../../texts/useTexts'
import { Note } from '../../components/Note'
import { fieldId } from './ShareRow'
import type { FormCategory } from './types'
import styles from './ErrorSummary.module.css'

interface Props {
  draft: Draft
  categories: readonly FormCategory[]
}

export function hasFaults(draft: Draft): boolean {
  return unreadable(draft).length > 0 || leftToGive(draft.allocation) !== 0
}

/**
 * The mistakes that keep the allocation from being submitted. It takes the focus when it appears. The commands that bring
 * the allocation to 100 % are right below, at the foot of the window.
 */
export function ErrorSummary({ draft, categories }: Props) {
  const { form } = useTexts()
  const keys = unreadable(draft)
  const left = leftToGive(draft.allocation)
  return (
    <Note kind="problem" heading={form.invalidHeading} focus>
      {keys.length > 0 && (
        <ul className={styles.faults}>
          {categories
            .filter(({ key }) => keys.includes(key))
            .map(({ key, label }) => (
              <li key={key}>
                <a
                  href={`#${fieldId(key)}`}
                  onClick={(event) => {
                    event.preventDefault()
                    document.getElementById(fieldId(key))?.focus()
                  }}
                >
                  {form.unreadable(label)}
                </a>
              </li>
            ))}
        </ul>
      )}
      {left !== 0 && <p>{form.mustBeWhole(left)}</p>}
    </Note>
  )
}
