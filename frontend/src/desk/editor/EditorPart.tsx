import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useBudget } from '../budgets/useBudget'
import { Announcer } from '../../components/Announcer'
import { Note } from '../../components/Note'
import { ChangeProblem } from '../components/ChangeProblem'
import { useProblemWords } from '../components/useProblemWords'
import { DuplicateButton } from '../running/DuplicateButton'
import { useDeskTexts } from '../texts/useDeskTexts'
import { AddressSection } from './AddressSection'
import { CategoriesSection } from './CategoriesSection'
import { ConflictSection } from './ConflictSection'
import { LanguagesSection } from './LanguagesSection'
import { MoneySection } from './MoneySection'
import { ProblemList } from './ProblemList'
import { QuestionSection } from './QuestionSection'
import { RulesSection } from './RulesSection'
import { SaveBar } from './SaveBar'
import { TaxSection } from './TaxSection'
import { CurrentEditor, fieldId, problemsByField, type Editor } from './useEditor'
import styles from './Editor.module.css'

/** Edits a budget. Everything is saved as it is typed. */
export function EditorPart() {
  const { editor: texts } = useDeskTexts()
  const { budget, saver } = useBudget()
  const editing = useSyncExternalStore(saver.subscribe, saver.current)
  const words = useProblemWords()

  // A problem on another screen leads to its field here.
  useEffect(() => {
    if (window.location.hash !== '') document.getElementById(window.location.hash.slice(1))?.focus()
  }, [])

  const editor = useMemo((): Editor => {
    const byField = problemsByField(budget.problems)
    const { draft } = editing
    return {
      editing,
      saver,
      draft,
      languages: [draft.language, ...Object.keys(draft.translations)],
      isFrozen: budget.isFrozen,
      edit: (field, change) => {
        saver.edit(field, change)
      },
      problemAt: (path) => {
        const found = byField.get(fieldId(path))
        return { problem: found && words.rule(found), isMild: found?.blocking === false }
      },
    }
  }, [budget, editing, saver, words])

  return (
    <CurrentEditor value={editor}>
      <div className={styles.editor}>
        <SaveBar />
        <Announcer text={texts.states[editing.state]} />
        <ChangeProblem problem={editing.problem} draft={editing.draft} />
        <ConflictSection />
        {budget.isFrozen && (
          <Note kind="plain" heading={texts.frozen}>
            <p>{texts.frozenText}</p>
            <p>
              <DuplicateButton slug={budget.slug} />
            </p>
          </Note>
        )}
        <ProblemList problems={budget.problems} />
        <QuestionSection />
        <LanguagesSection missing={budget.missingTexts} />
        <MoneySection />
        <CategoriesSection />
        <RulesSection />
        <TaxSection />
        <AddressSection />
      </div>
    </CurrentEditor>
  )
}
