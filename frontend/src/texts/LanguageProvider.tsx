import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react'
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
  const [failed, setFailed] = useState<string>()
  /** Of several choices in a row the last one counts, whichever is there first. */
  const chosen = useRef(initial.code)

  const choose = useCallback(async (code: string) => {
    chosen.current = code
    setFailed(undefined)
    try {
      const loaded = await loadLanguage(code, navigator.languages)
      if (chosen.current !== code) return
      rememberLanguage(code)
      markDocument(loaded)
      setLanguage(loaded)
    } catch {
      if (chosen.current === code) setFailed(code)
    }
  }, [])

  const context = useMemo(() => ({ language, failed, choose }), [language, failed, choose])
  return (
    <CurrentLanguage value={context}>
      <I18nProvider locale={language.format.locale}>{children}</I18nProvider>
    </CurrentLanguage>
  )
}
