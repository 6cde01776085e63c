import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'urql'
import { App } from './App'
import { LanguageSelect } from './LanguageSelect'
import { ErrorBoundary } from '../components/states/ErrorBoundary'
import { LoadingPage } from '../components/states/LoadingPage'
import { createClient } from '../graphql/client'
import { pollAggregate } from '../live/pollAggregate'
import { chosenLanguage } from '../texts/languageChoice'
import { LanguageProvider } from '../texts/LanguageProvider'
import { loadLanguage, type Language } from '../texts/languages'
import { markDocument } from '../texts/markDocument'
import '../styles/tokens.css'
import '../styles/base.css'

// Participants load nothing of the desk.
const Desk = lazy(async () => ({ default: (await import('../desk/Desk')).Desk }))

// Tells start.js that this script was loaded; without it, start.js shows that the page cannot start.
document.documentElement.dataset.start = 'begun'
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element #root')

try {
  start(root, await loadLanguage(chosenLanguage(), navigator.languages))
} catch (error) {
  console.error(error)
  document.documentElement.dataset.start = 'failed'
  window.dispatchEvent(new Event('taxbudget:cannot-start'))
}

function start(root: HTMLElement, language: Language) {
  const client = createClient(pollAggregate)
  markDocument(language)
  createRoot(root).render(
    <StrictMode>
      <LanguageProvider initial={language}>
        <Provider value={client}>
          {isDesk(window.location) ? (
            <ErrorBoundary>
              <Suspense fallback={<LoadingPage />}>
                <Desk languageSelect={<LanguageSelect />} />
              </Suspense>
            </ErrorBoundary>
          ) : (
            <App />
          )}
        </Provider>
      </LanguageProvider>
    </StrictMode>,
  )
}

function isDesk({ pathname }: Location): boolean {
  return pathname === '/admin' || pathname.startsWith('/admin/')
}
