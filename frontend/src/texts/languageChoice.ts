import { LANGUAGES, languageFor } from './languages'

const KEY = 'taxbudget:language'

/** The language in the address, or else the one chosen here before, or else the browser's preference. */
export function chosenLanguage(): string {
  const asked = new URLSearchParams(window.location.search).get('lang')
  return languageFor([asked ?? '', stored(), ...navigator.languages])
}

export function rememberLanguage(code: string): void {
  if (!LANGUAGES.includes(code)) return
  // A choice by hand overrides the language in the address, also after a reload.
  const address = new URL(window.location.href)
  if (address.searchParams.has('lang')) {
    address.searchParams.delete('lang')
    window.history.replaceState(null, '', address)
  }
  try {
    localStorage.setItem(KEY, code)
  } catch {
    // Storage may be blocked or full; then the choice lasts until the page is closed.
  }
}

function stored(): string {
  try {
    return localStorage.getItem(KEY) ?? ''
  } catch {
    return ''
  }
}
