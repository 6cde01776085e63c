import type { texts as english } from './languages/en'
import { createFormat, type Format } from './format'

/** The texts of the interface. English defines them: a language with a missing or an extra text does not compile. */
export type Texts = ReturnType<typeof english>

interface LanguageFile {
  readonly texts: (format: Format) => Texts
}

/** Each file in the folder is a language. Only the chosen one is loaded. */
const FILES = import.meta.glob<LanguageFile>('./languages/*.ts')

export const LANGUAGES = Object.keys(FILES).map((path) => /(\w+)\.ts$/.exec(path)?.[1] ?? '')

export const DEFAULT_LANGUAGE = 'en'

/** The server marks the document with the same direction. */
const DIRECTIONS = import.meta.glob<'ltr' | 'rtl'>('../../../locales/*.json', {
  eager: true,
  import: 'direction',
})

export interface Language {
  readonly code: string
  readonly direction: 'ltr' | 'rtl'
  readonly texts: Texts
  readonly format: Format
}

/** The first available of the wanted languages (BCP 47, best first). For `de-AT`, `de` is available. */
export function languageFor(wanted: readonly string[], available: readonly string[] = LANGUAGES): string {
  const found = wanted.map(primary).find((code) => available.includes(code))
  return found ?? DEFAULT_LANGUAGE
}

/** The locale for numbers: that of the person's own region, where it speaks the chosen language. */
export function localeFor(code: string, wanted: readonly string[]): string {
  return wanted.find((tag) => primary(tag) === code && isLocale(tag)) ?? code
}

/** A browser may report an invalid locale, such as the system's `en-US@posix`, for which `Intl` throws. */
function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

export async function loadLanguage(code: string, wanted: readonly string[] = []): Promise<Language> {
  const load = FILES[`./languages/${code}.ts`]
  if (!load) throw new Error(`there is no language ${code}`)
  const { texts } = await load()
  const format = createFormat(localeFor(code, wanted))
  return { code, direction: directionOf(code), texts: texts(format), format }
}

export function directionOf(code: string): 'ltr' | 'rtl' {
  return DIRECTIONS[`../../../locales/${code}.json`] ?? 'ltr'
}

/** The name of a language in that language: Deutsch, العربية. */
export function nameOf(code: string): string {
  return new Intl.DisplayNames(code, { type: 'language' }).of(code) ?? code
}

function primary(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? ''
}
