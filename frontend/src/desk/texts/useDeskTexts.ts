import { createContext, use } from 'react'
import type { DeskTexts } from './deskLanguages'

export const CurrentDeskTexts = createContext<DeskTexts | undefined>(undefined)

export function useDeskTexts(): DeskTexts {
  const texts = use(CurrentDeskTexts)
  if (!texts) throw new Error('no DeskTextsProvider around this component')
  return texts
}
