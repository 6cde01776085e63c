import { Button } from '../../components/Button'
import { Note } from '../../components/Note'
import { useLanguage } from '../../texts/useTexts'
import { useDeskTexts } from '../texts/useDeskTexts'
import { pathName } from './pathName'
import { useEditor } from './useEditor'
import styles from './Editor.module.css'

/** The fields that two people have changed: my value and theirs. Nothing is saved until each is decided. */
export function ConflictSection() {
  const texts = useDeskTexts()
  const { editing, saver, draft } = useEditor()
  const { language } = useLanguage()
  if (editing.conflicts.length === 0) return null
  return (
    <Note kind="problem" heading={texts.conflict.heading}>
      <p>{texts.conflict.text}</p>
      {editing.conflicts.map((conflict) => (
        <div key={conflict.path.join(' ')} className={styles.conflict}>
          <p className={styles.field}>{pathName(texts, draft, conflict.path, language.code)}</p>
          <div className={styles.sides}>
            {(['mine', 'theirs'] as const).map((side) => (
              <div key={side} className={styles.side}>
                <p>
                  <strong>{texts.conflict[side]}</strong>
                  <br />
                  {shown(conflict[side], texts.conflict.removed)}
                </p>
                <Button
                  onClick={() => {
                    saver.resolve(conflict, side)
                  }}
                >
                  {texts.conflict.keep[side]}
                </Button>
              </div>
            ))}
          </div>
        </div>
      ))}
    </Note>
  )
}

function shown(value: unknown, removed: string): string {
  if (value === undefined || value === null) return removed
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
