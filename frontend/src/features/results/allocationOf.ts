import { emptyAllocation, type Allocation } from '../../domain/allocation'
import { fromPercent } from '../../domain/share'

interface Share {
  readonly percent: number
  readonly category: { readonly key: string }
}

/** A category that a submission does not name has a share of 0. */
export function allocationOf(keys: readonly string[], shares: readonly Share[]): Allocation {
  return {
    ...emptyAllocation(keys),
    ...Object.fromEntries(shares.map(({ category, percent }) => [category.key, fromPercent(percent)])),
  }
}
