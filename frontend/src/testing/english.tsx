import type { ReactNode } from 'react'
import { createFormat } from '../texts/format'
import { LanguageProvider } from '../texts/LanguageProvider'
import type { Language } from '../texts/languages'
import { texts } from '../texts/languages/en'

const format = createFormat('en')

export const english: Language = { code: 'en', direction: 'ltr', texts: texts(format), format }

/** The wrapper for component tests. */
export function InEnglish({ children }: { children: ReactNode }) {
  return <LanguageProvider initial={english}>{children}</LanguageProvider>
}
