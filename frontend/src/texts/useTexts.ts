import { createContext, use } from 'react'
import type { Format } from './format'
import type { Language, Texts } from './languages'

export interface LanguageContext {
  readonly language: Language
  /** The code of the last chosen language, if its texts could not be loaded. */
  readonly failed: string | undefined
  readonly choose: (code: string) => Promise<void>
}

export const CurrentLanguage = createContext<LanguageContext | undefined>(undefined)

export function useLanguage(): LanguageContext {
  const context = use(CurrentLanguage)
  if (!context) throw new Error('no LanguageProvider around this component')
  return context
}

export function useTexts(): Texts {
  return useLanguage().language.texts
}

export function useFormat(): Format {
  return useLanguage().language.format
}
