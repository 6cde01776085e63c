import { startTransition, StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'urql'
import { createClient } from '../graphql/client'
import { pollAggregate } from '../live/pollAggregate'
import { chosenLanguage } from '../texts/languageChoice'
import { LanguageProvider } from '../texts/LanguageProvider'
import { loadLanguage, type Language } from '../texts/languages'
import { markDocument } from '../texts/markDocument'
import '../styles/tokens.css'
import '../styles/base.css'

/** Renders one of the documents in the language of its reader, with the client of the public API around it. */
export async function start(content: (language: Language) => ReactNode | Promise<ReactNode>): Promise<void> {
  // Tells start.js that this script was loaded; without it, start.js shows that the page cannot start.
  document.documentElement.dataset.start = 'begun'
  const root = document.getElementById('root')
  if (!root) throw new Error('the document has no element #root')
  try {
    const language = await loadLanguage(chosenLanguage(), navigator.languages)
    const shown = await content(language)
    const client = createClient(pollAggregate)
    markDocument(language)
    // In small steps, between which the page answers.
    startTransition(() => {
      createRoot(root).render(
        <StrictMode>
          <LanguageProvider initial={language}>
            <Provider value={client}>{shown}</Provider>
          </LanguageProvider>
        </StrictMode>,
      )
    })
  } catch (error) {
    console.error(error)
    document.documentElement.dataset.start = 'failed'
    window.dispatchEvent(new Event('taxbudget:cannot-start'))
  }
}
