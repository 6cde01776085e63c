import { LANGUAGES, languageFor } from './languages'

const KEY = 'taxbudget:language'

/** What the address asks for, else what was chosen here before, else what the browser prefers. */
export function chosenLanguage(): string {
  const asked = new URLSearchParams(window.location.search).get('lang')
  return languageFor([asked ?? '', stored(), ...navigator.languages])
}

export function rememberLanguage(code: string): void {
  if (!LANGUAGES.includes(code)) return
  try {
    localStorage.setItem(KEY, code)
  } catch {
    // Storage may be forbidden or full; the choice then lasts as long as the page.
  }
}

function stored(): string {
  try {
    return localStorage.getItem(KEY) ?? ''
  } catch {
    return ''
  }
}
