import { leftToGive, total, type Allocation } from './allocation'
import { apportion } from './apportion'
import { WHOLE, type BasisPoints } from './share'

/** How the rest, or an excess, is laid on the rows that are not locked. */
export type Way = 'evenly' | 'in-proportion'

/** Why the rows cannot be brought to 100 %: every row is locked, or the locked ones alone are over it. */
export type Obstacle = 'all-locked' | 'locked-over'

export function obstacleTo(allocation: Allocation, locked: readonly string[]): Obstacle | undefined {
  const open = openRows(allocation, locked)
  if (total(allocation) - sum(open.map(([, share]) => share)) > WHOLE) return 'locked-over'
  return open.length === 0 && leftToGive(allocation) !== 0 ? 'all-locked' : undefined
}

/** Exactly 100 % with the locked rows untouched, or the allocation as it was where that cannot be. */
export function rebalance(allocation: Allocation, locked: readonly string[], way: Way): Allocation {
  if (obstacleTo(allocation, locked)) return allocation
  const open = openRows(allocation, locked)
  const shares = laidOn(
    open.map(([, share]) => share),
    leftToGive(allocation),
    way,
  )
  return { ...allocation, ...Object.fromEntries(open.map(([key], index) => [key, shares[index] ?? 0])) }
}

/** What is left goes to one row; what is too much comes off it, as far as it goes. */
export function settleOn(allocation: Allocation, key: string): Allocation {
  const share = (allocation[key] ?? 0) + leftToGive(allocation)
  return { ...allocation, [key]: Math.min(WHOLE, Math.max(0, share)) }
}

function laidOn(shares: readonly BasisPoints[], left: BasisPoints, way: Way): BasisPoints[] {
  const given = sum(shares)
  if (way === 'in-proportion' && given > 0) return apportion(given + left, shares)
  if (left < 0) return taken(shares, -left)
  const parts = apportion(
    left,
    shares.map(() => 1),
  )
  return shares.map((share, index) => share + (parts[index] ?? 0))
}

/**
 * An even part comes off every row. Rows that have less than their part are emptied first, and the rest divided once:
 * so no order of the rows makes more than a hundredth of a per cent of difference.
 */
function taken(shares: readonly BasisPoints[], excess: BasisPoints): BasisPoints[] {
  const able = shares.filter((share) => share > 0).length
  const poor = shares.map((share) => share > 0 && share * able < excess)
  if (poor.includes(true)) {
    const emptied = sum(shares.filter((_, index) => poor[index]))
    return taken(
      shares.map((share, index) => (poor[index] ? 0 : share)),
      excess - emptied,
    )
  }
  const parts = apportion(
    excess,
    shares.map((share) => (share > 0 ? 1 : 0)),
  )
  return shares.map((share, index) => share - (parts[index] ?? 0))
}

function openRows(allocation: Allocation, locked: readonly string[]): [string, BasisPoints][] {
  return Object.entries(allocation).filter(([key]) => !locked.includes(key))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0)
}
