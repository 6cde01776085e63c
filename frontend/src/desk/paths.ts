/** The addresses of the desk, below `/admin`. */
export type BudgetPart = 'edit' | 'share' | 'answers' | 'preview' | 'statistics' | 'log' | 'people'

export function budgetPath(slug: string, part?: BudgetPart): string {
  const path = `/budgets/${encodeURIComponent(slug)}`
  return part === undefined ? path : `${path}/${part}`
}
