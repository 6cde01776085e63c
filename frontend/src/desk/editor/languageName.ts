/** Each is dear to make, and an editor names languages at every field. */
const namesIn = new Map<string, Intl.DisplayNames>()

/** The name of a language (BCP 47) in the language of the page. An unknown tag is its own name. */
export function languageName(tag: string, inLanguage: string): string {
  try {
    let names = namesIn.get(inLanguage)
    if (!names) namesIn.set(inLanguage, (names = new Intl.DisplayNames(inLanguage, { type: 'language' })))
    return names.of(tag) ?? tag
  } catch {
    return tag
  }
}

/** A tag as the server stores it, or undefined if it is none. */
export function readTag(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text.trim())[0]?.toLowerCase()
  } catch {
    return undefined
  }
}
