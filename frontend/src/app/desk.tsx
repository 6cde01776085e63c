// The script of the desk's document. It is a document of its own, so that participants load nothing of the desk.
import { ErrorBoundary } from '../components/states/ErrorBoundary'
import { Desk } from '../desk/Desk'
import { loadScreenOf } from '../desk/lazyScreens'
import { loadDeskTexts } from '../desk/texts/deskLanguages'
import { LanguageSelect } from './LanguageSelect'
import { start } from './start'

loadScreenOf(window.location.pathname)
await start(async ({ code, format }) => {
  const texts = await loadDeskTexts(code, format)
  return (
    <ErrorBoundary>
      <Desk texts={texts} languageSelect={<LanguageSelect />} />
    </ErrorBoundary>
  )
})
