import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'urql'
import { App } from './App'
import { client } from './graphql/client'
import { chosenLanguage } from './texts/languageChoice'
import { LanguageProvider } from './texts/LanguageProvider'
import { loadLanguage } from './texts/languages'
import { markDocument } from './texts/markDocument'
import './styles/tokens.css'
import './styles/base.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element #root')

const language = await loadLanguage(chosenLanguage(), navigator.languages)
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
