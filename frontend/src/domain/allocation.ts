import { WHOLE, type BasisPoints } from './share'

/** One share per category key, in the order of the budget's categories. It may still add up to something else than 100 %. */
export type Allocation = Readonly<Record<string, BasisPoints>>

export function total(allocation: Allocation): BasisPoints {
  return Object.values(allocation).reduce((sum, share) => sum + share, 0)
}

/** What is left to give; negative when too much is given. */
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
