import type { BasisPoints } from '../../domain/share'

/** A line of the form. */
export interface FormCategory {
  readonly key: string
  readonly label: string
  readonly description: string
  readonly color: string
}

/** The whole budget as money, where it is known. */
export interface BudgetTotal {
  readonly amount: number
  readonly currency: string
}

export function moneyOf(total: BudgetTotal, share: BasisPoints): number {
  return (total.amount * share) / 10_000
}
