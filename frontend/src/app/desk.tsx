// The script of `desk.html`. A document of its own loads everything of the desk at once, and participants load nothing of it.
import { ErrorBoundary } from '../components/states/ErrorBoundary'
import { Desk } from '../desk/Desk'
import { LanguageSelect } from './LanguageSelect'
import { start } from './start'

await start(
  <ErrorBoundary>
    <Desk languageSelect={<LanguageSelect />} />
  </ErrorBoundary>,
)
