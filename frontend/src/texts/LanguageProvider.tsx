import { useCallback, useMemo, useState, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components'
import { rememberLanguage } from './languageChoice'
import { loadLanguage, type Language } from './languages'
import { markDocument } from './markDocument'
import { CurrentLanguage } from './useTexts'

interface Props {
  /** The language to begin with: loaded before the first render, so that no other one flashes by. */
  initial: Language
  children: ReactNode
}

export function LanguageProvider({ initial, children }: Props) {
  const [language, setLanguage] = useState(initial)

  const choose = useCallback((code: string) => {
    rememberLanguage(code)
    void loadLanguage(code, navigator.languages).then((loaded) => {
      markDocument(loaded)
      setLanguage(loaded)
    })
  }, [])

  const context = useMemo(() => ({ language, choose }), [language, choose])
  return (
    <CurrentLanguage value={context}>
      <I18nProvider locale={language.format.locale}>{children}</I18nProvider>
    </CurrentLanguage>
  )
}
