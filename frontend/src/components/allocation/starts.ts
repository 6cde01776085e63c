import { emptyAllocation, type Allocation } from '../../domain/allocation'
import { rebalance } from '../../domain/rebalance'
import { fromPercent } from '../../domain/share'
import type { StartPosition } from '../../gql/graphql'

export type StartKind = 'zero' | 'equal' | 'actual' | 'latest'

/** The allocations that one can begin from; the real budget only where it is known for every line. */
export type Starts = { readonly zero: Allocation } & Partial<Record<StartKind, Allocation>>

interface Line {
  readonly key: string
  readonly actualPercent: number | null
}

export function startsOf(lines: readonly Line[], latest: Allocation | undefined): Starts {
  const zero = emptyAllocation(lines.map(({ key }) => key))
  const actual = lines.every(({ actualPercent }) => actualPercent !== null)
    ? Object.fromEntries(lines.map(({ key, actualPercent }) => [key, fromPercent(actualPercent ?? 0)]))
    : undefined
  return {
    zero,
    equal: rebalance(zero, [], 'evenly'),
    ...(actual && { actual }),
    ...(latest && { latest }),
  }
}

const KINDS: Record<StartPosition, StartKind> = {
  ZERO: 'zero',
  EQUAL: 'equal',
  ACTUAL: 'actual',
  LATEST: 'latest',
}

/** Who has an answer already begins from it, whatever the budget says: that is what they came to revise. */
export function startAllocation(position: StartPosition, starts: Starts): Allocation {
  return starts.latest ?? starts[KINDS[position]] ?? starts.zero
}
