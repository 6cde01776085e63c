import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react'
import { rememberLanguage } from './languageChoice'
import { loadLanguage, type Language } from './languages'
import { markDocument } from './markDocument'
import { CurrentLanguage } from './useTexts'

interface Props {
  /** Loaded before the first render, so that no other language is shown for a moment. */
  initial: Language
  children: ReactNode
}

export function LanguageProvider({ initial, children }: Props) {
  const [language, setLanguage] = useState(initial)
  const [failed, setFailed] = useState<string>()
  /** The last choice counts, even if the texts of an earlier choice arrive later. */
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
  return <CurrentLanguage value={context}>{children}</CurrentLanguage>
}
