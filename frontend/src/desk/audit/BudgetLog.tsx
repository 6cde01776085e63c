import { useBudget } from '../budgets/useBudget'
import { AuditLog } from './AuditLog'

/** What was changed in one budget. */
export function BudgetLog() {
  const { budget } = useBudget()
  return <AuditLog budget={budget.slug} />
}
