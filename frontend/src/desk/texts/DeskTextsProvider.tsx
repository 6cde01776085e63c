import { useEffect, useState, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components'
import { LoadingPage } from '../../components/states/LoadingPage'
import { useLanguage } from '../../texts/useTexts'
import { loadDeskTexts, type DeskTexts } from './deskLanguages'
import { CurrentDeskTexts } from './useDeskTexts'

/** Loads the texts of the desk in the language of the page. The former language is shown until then. */
export function DeskTextsProvider({ children }: { children: ReactNode }) {
  const { language } = useLanguage()
  const [texts, setTexts] = useState<DeskTexts>()
  const [failure, setFailure] = useState<unknown>()

  useEffect(() => {
    let isCurrent = true
    loadDeskTexts(language.code, language.format).then(
      (loaded) => {
        if (isCurrent) setTexts(loaded)
      },
      (error: unknown) => {
        if (isCurrent) setFailure(error)
      },
    )
    return () => {
      isCurrent = false
    }
  }, [language])

  // The error boundary offers to load the page anew.
  if (!texts && failure !== undefined)
    throw new Error('the texts of the desk could not be loaded', { cause: failure })
  if (!texts) return <LoadingPage />
  return (
    <CurrentDeskTexts value={texts}>
      <I18nProvider locale={language.format.locale}>{children}</I18nProvider>
    </CurrentDeskTexts>
  )
}
