import { use } from 'react'
import type { texts as english } from './texts/en'
import { useLanguage } from '../../texts/useTexts'

export type PrivacyTexts = typeof english

/** Apart from the other texts of a language, which everybody loads before the form: these are long, and few people read them. */
export const FILES = import.meta.glob<{ texts: PrivacyTexts }>('./texts/*.ts')

const loading = new Map<string, Promise<PrivacyTexts>>()

export function usePrivacyTexts(): PrivacyTexts {
  const { language } = useLanguage()
  return use(load(language.code))
}

/** The same promise for each render of a language. */
function load(code: string): Promise<PrivacyTexts> {
  const known = loading.get(code)
  if (known) return known
  const loader = FILES[`./texts/${code}.ts`]
  const texts = loader
    ? loader().then((file) => file.texts)
    : Promise.reject(new Error(`no texts in ${code}`))
  loading.set(code, texts)
  return texts
}
