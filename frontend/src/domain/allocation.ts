import { WHOLE, type BasisPoints } from './share'

/** One share for each category key, in the order of the budget's categories. While it is edited, the sum may differ from 100 %. */
export type Allocation = Readonly<Record<string, BasisPoints>>

export function total(allocation: Allocation): BasisPoints {
  return Object.values(allocation).reduce((sum, share) => sum + share, 0)
}

/** The unallocated rest; negative when more than 100 % is allocated. */
export function leftToGive(allocation: Allocation): BasisPoints {
  return WHOLE - total(allocation)
}

export function emptyAllocation(keys: readonly string[]): Allocation {
  return Object.fromEntries(keys.map((key) => [key, 0]))
}

export function sameAllocation(a: Allocation, b: Allocation): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}
