import { useState } from 'react'
import { Button } from '../../components/Button'
import { LANGUAGES } from '../../texts/languages'
import { useLanguage } from '../../texts/useTexts'
import { ConfirmButton } from '../components/ConfirmButton'
import { TextField } from '../components/TextField'
import actions from '../components/Actions.module.css'
import { useDeskTexts } from '../texts/useDeskTexts'
import { withTranslation, withTranslationRemoved } from './draft'
import { languageName, readTag } from './languageName'
import { fieldId, useEditor } from './useEditor'

/** The languages of the budget's texts. Those of the page are offered; any other can be typed. */
export function LanguagesSection({ missing }: { missing: readonly { language: string }[] }) {
  const { editor: texts } = useDeskTexts()
  const { language } = useLanguage()
  const { draft, languages, edit } = useEditor()
  const [other, setOther] = useState('')
  const offered = LANGUAGES.filter((code) => !languages.includes(code))
  const tag = readTag(other)

  function add(added: string) {
    edit(`translations.${added}`, (current) => withTranslation(current, added, {}))
  }

  return (
    <section>
      <h2 id={fieldId('language')} tabIndex={-1}>
        {texts.languages}
      </h2>
      <ul>
        {languages.map((one, index) => {
          const gaps = missing.filter((text) => text.language === one).length
          const name = languageName(one, language.code)
          return (
            <li key={one}>
              {name}
              {index === 0 && ` (${texts.ownLanguage})`}
              {gaps > 0 && `: ${texts.missingTexts(gaps)}`}{' '}
              {index > 0 && (
                <ConfirmButton
                  label={texts.removeLanguage(name)}
                  question={texts.removeLanguageQuestion}
                  onConfirm={() => {
                    edit(`translations.${one}`, (current) => withTranslationRemoved(current, one))
                  }}
                />
              )}
            </li>
          )
        })}
      </ul>
      <div className={actions.actions}>
        {offered.map((code) => (
          <Button
            key={code}
            onClick={() => {
              add(code)
            }}
          >
            {texts.addLanguage(languageName(code, language.code))}
          </Button>
        ))}
      </div>
      <TextField
        label={texts.otherLanguage}
        hint={texts.otherLanguageHint}
        value={other}
        onChange={setOther}
        isShort
      />
      <Button
        disabled={tag === undefined || languages.includes(tag)}
        onClick={() => {
          if (tag === undefined) return
          add(tag)
          setOther('')
        }}
      >
        {texts.addLanguage(tag === undefined ? '…' : languageName(tag, language.code))}
      </Button>
      {draft.language === '' && <p>{texts.noLanguage}</p>}
    </section>
  )
}
