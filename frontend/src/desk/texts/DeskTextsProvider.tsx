import { useEffect, useState, type ReactNode } from 'react'
import { useLanguage } from '../../texts/useTexts'
import { loadDeskTexts, type DeskTexts } from './deskLanguages'
import { CurrentDeskTexts } from './useDeskTexts'

interface Props {
  /** Loaded before the first render, so that nothing moves when they come. */
  initial: DeskTexts
  children: ReactNode
}

/** Loads the texts of the desk in the language of the page. The former language is shown until then. */
export function DeskTextsProvider({ initial, children }: Props) {
  const { language } = useLanguage()
  const [texts, setTexts] = useState(initial)

  useEffect(() => {
    let isCurrent = true
    loadDeskTexts(language.code, language.format).then(
      (loaded) => {
        if (isCurrent) setTexts(loaded)
      },
      // The former language stays, as where the texts of the page could not be loaded.
      (error: unknown) => {
        console.error(error)
      },
    )
    return () => {
      isCurrent = false
    }
  }, [language])

  return <CurrentDeskTexts value={texts}>{children}</CurrentDeskTexts>
}
