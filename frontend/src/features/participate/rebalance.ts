import { leftToGive, total, type Allocation } from '../../domain/allocation'
import { apportion } from '../../domain/apportion'
import { WHOLE, type BasisPoints } from '../../domain/share'

/** How the rest, or the excess, is distributed over the rows that are not locked. */
export type RebalanceMode = 'evenly' | 'in-proportion'

/** Why the rows cannot be brought to 100 %: every row is locked, or the locked rows alone exceed it. */
export type Obstacle = 'all-locked' | 'locked-over'

export function obstacleTo(allocation: Allocation, locked: readonly string[]): Obstacle | undefined {
  const open = openRows(allocation, locked)
  if (total(allocation) - sum(open.map(([, share]) => share)) > WHOLE) return 'locked-over'
  return open.length === 0 && leftToGive(allocation) !== 0 ? 'all-locked' : undefined
}

/** Brings the allocation to exactly 100 % without touching the locked rows. Where that is impossible, it stays as it was. */
export function rebalance(
  allocation: Allocation,
  locked: readonly string[],
  mode: RebalanceMode,
): Allocation {
  if (obstacleTo(allocation, locked)) return allocation
  const open = openRows(allocation, locked)
  const shares = laidOn(
    open.map(([, share]) => share),
    leftToGive(allocation),
    mode,
  )
  return { ...allocation, ...Object.fromEntries(open.map(([key], index) => [key, shares[index] ?? 0])) }
}

/** Gives the rest to one row, or takes the excess from it, down to 0. */
export function settleOn(allocation: Allocation, key: string): Allocation {
  const share = (allocation[key] ?? 0) + leftToGive(allocation)
  return { ...allocation, [key]: Math.min(WHOLE, Math.max(0, share)) }
}

function laidOn(shares: readonly BasisPoints[], left: BasisPoints, mode: RebalanceMode): BasisPoints[] {
  const given = sum(shares)
  if (mode === 'in-proportion' && given > 0) return apportion(given + left, shares)
  if (left < 0) return taken(shares, -left)
  const parts = apportion(
    left,
    shares.map(() => 1),
  )
  return shares.map((share, index) => share + (parts[index] ?? 0))
}

/**
 * Takes an even part from every row. Rows with less than their part are emptied first, and the rest is divided once. So
 * the order of the rows makes a difference of at most 0.01 %.
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
