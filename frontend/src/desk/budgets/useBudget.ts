import { createContext, use } from 'react'
import type { DraftSaver } from '../editor/draftSaver'
import type { BudgetFeed, DeskBudget } from './budgetFeed'

export interface BudgetContext {
  readonly budget: DeskBudget
  readonly feed: BudgetFeed
  readonly saver: DraftSaver
}

export const CurrentBudget = createContext<BudgetContext | undefined>(undefined)

export function useBudget(): BudgetContext {
  const context = use(CurrentBudget)
  if (!context) throw new Error('no BudgetPages around this component')
  return context
}
