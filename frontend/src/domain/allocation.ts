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

/**
 * Brings the sum to exactly 100 %. What is left goes to every row in equal parts; an excess comes off evenly from the
 * rows that have something. Odd hundredths go to the first rows.
 */
export function settleEvenly(allocation: Allocation): Allocation {
  const settled: Record<string, BasisPoints> = { ...allocation }
  let rest = leftToGive(settled)
  while (rest !== 0) {
    const adding = rest > 0
    const rows = Object.keys(settled).filter((key) => adding || (settled[key] ?? 0) > 0)
    if (rows.length === 0) return settled
    const size = Math.abs(rest)
    const each = Math.trunc(size / rows.length)
    const odd = size % rows.length
    rows.forEach((key, index) => {
      const share = settled[key] ?? 0
      const part = each + (index < odd ? 1 : 0)
      settled[key] = adding ? share + part : Math.max(0, share - part)
    })
    rest = leftToGive(settled)
  }
  return settled
}

export function sameAllocation(a: Allocation, b: Allocation): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}
