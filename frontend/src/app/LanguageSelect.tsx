import { useId } from 'react'
import { LANGUAGES, nameOf } from '../texts/languages'
import { useLanguage } from '../texts/useTexts'
import styles from './LanguageSelect.module.css'

/** Each language under its own name, so that it is found by those who cannot read the present one. */
export function LanguageSelect() {
  const { language, choose } = useLanguage()
  const id = useId()
  return (
    <p className={styles.choice}>
      <label htmlFor={id} className={styles.label}>
        {language.texts.site.language}
      </label>
      <select
        id={id}
        value={language.code}
        onChange={(event) => {
          void choose(event.target.value)
        }}
      >
        {LANGUAGES.map((code) => (
          <option key={code} value={code} lang={code}>
            {nameOf(code)}
          </option>
        ))}
      </select>
    </p>
  )
}
