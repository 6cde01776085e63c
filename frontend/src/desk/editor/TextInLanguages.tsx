import { useLanguage } from '../../texts/useTexts'
import { Tag } from '../components/Tag'
import { TextField } from '../components/TextField'
import { useDeskTexts } from '../texts/useDeskTexts'
import type { Draft } from './draft'
import { languageName } from './languageName'
import { fieldId, useEditor } from './useEditor'
import styles from './Editor.module.css'

interface Props {
  label: string
  /** The path of the text in a language of the budget; the budget's own language is undefined. */
  pathOf: (tag: string | undefined) => string
  textOf: (draft: Draft, tag: string | undefined) => string
  write: (draft: Draft, tag: string | undefined, text: string) => Draft
  rows?: number
  onBlur?: () => void
}

/** One text in all languages of the budget, side by side, with what is missing marked. */
export function TextInLanguages({ label, pathOf, textOf, write, rows, onBlur }: Props) {
  const { editor: texts } = useDeskTexts()
  const { language } = useLanguage()
  const { draft, languages, edit, problemAt } = useEditor()
  const own = textOf(draft, undefined)
  return (
    <div className={styles.languages}>
      {languages.map((tag, index) => {
        const at = index === 0 ? undefined : tag
        const path = pathOf(at)
        const text = textOf(draft, at)
        const isMissing = at !== undefined && text === '' && own !== ''
        const name = languageName(tag, language.code)
        return (
          <TextField
            key={tag}
            id={fieldId(path)}
            label={languages.length > 1 ? texts.inLanguage(label, name) : label}
            mark={isMissing ? <Tag kind="bad">{texts.missing}</Tag> : undefined}
            lang={tag}
            value={text}
            {...(rows === undefined ? {} : { rows })}
            {...(onBlur === undefined ? {} : { onBlur })}
            {...problemAt(path)}
            onChange={(now) => {
              edit(path, (current) => write(current, at, now))
            }}
          />
        )
      })}
    </div>
  )
}
