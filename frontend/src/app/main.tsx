import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'urql'
import { App } from './App'
import { createClient } from '../graphql/client'
import { pollAggregate } from '../live/pollAggregate'
import { chosenLanguage } from '../texts/languageChoice'
import { LanguageProvider } from '../texts/LanguageProvider'
import { loadLanguage, type Language } from '../texts/languages'
import { markDocument } from '../texts/markDocument'
import '../styles/tokens.css'
import '../styles/base.css'

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
          <App />
        </Provider>
      </LanguageProvider>
    </StrictMode>,
  )
}
