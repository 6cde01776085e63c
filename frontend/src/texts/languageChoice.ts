import { LANGUAGES, languageFor } from './languages'

const KEY = 'taxbudget:language'

/** What the address asks for, else what was chosen here before, else what the browser prefers. */
export function chosenLanguage(): string {
  const asked = new URLSearchParams(window.location.search).get('lang')
  return languageFor([asked ?? '', stored(), ...navigator.languages])
}

export function rememberLanguage(code: string): void {
  if (!LANGUAGES.includes(code)) return
  // What is chosen by hand overrides what the address asked for, also after a reload.
  const address = new URL(window.location.href)
  if (address.searchParams.has('lang')) {
    address.searchParams.delete('lang')
    window.history.replaceState(null, '', address)
  }
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
