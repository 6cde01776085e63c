import { emptyAllocation, type Allocation } from '../../domain/allocation'
import { rebalance } from './rebalance'
import { fromPercent } from '../../domain/share'
import type { StartPosition } from '../../gql/graphql'

export type StartKind = 'zero' | 'equal' | 'actual' | 'latest'

/** The start allocations; the real budget is one of them only where it is known for every line. */
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

/** A participant who has submitted already starts from that submission, whatever the budget's setting is. */
export function startAllocation(position: StartPosition, starts: Starts): Allocation {
  return starts.latest ?? starts[KINDS[position]] ?? starts.zero
}
