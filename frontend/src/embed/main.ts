import { languageFor, loadLanguage } from '../texts/languages'
import { follow } from './follow'
import { createView } from './view'
import '../styles/tokens.css'
import '../styles/base.css'
import './embed.css'

// Nothing here reads or writes a cookie or storage: browsers block both in the frames of other sites.
const root = document.getElementById('root')
const slug = decodeURIComponent(/^\/embed\/([^/]+)/.exec(window.location.pathname)?.[1] ?? '')
const asked = new URLSearchParams(window.location.search)

if (root) {
  // The server has chosen the language, and written it into the document.
  const language = await loadLanguage(languageFor([document.documentElement.lang]), navigator.languages)
  const view = asked.get('view') === 'form-link' ? 'form-link' : 'results'
  follow(slug, language.format.locale, view === 'results', createView(root, slug, view, language))
}
