import type { Format } from '../../texts/format'
import type { texts as english } from './languages/en'

/** The texts of the desk. English defines them: a language with a missing or an extra text does not compile. */
export type DeskTexts = ReturnType<typeof english>

interface LanguageFile {
  readonly texts: (format: Format) => DeskTexts
}

const FILES = import.meta.glob<LanguageFile>('./languages/*.ts')

export async function loadDeskTexts(code: string, format: Format): Promise<DeskTexts> {
  const load = FILES[`./languages/${code}.ts`]
  if (!load) throw new Error(`the desk has no language ${code}`)
  return (await load()).texts(format)
}
