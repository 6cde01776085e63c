import type { Allocation } from '../domain/allocation'
import { fromPercent, ONE_PERCENT, WHOLE, type BasisPoints } from '../domain/share'
import type { Snapshot } from './snapshot'

export interface ComparedCategory {
  readonly key: string
  readonly label: string
  readonly actualPercent: number | null
}

/** Whose the one answer is that is compared: the reader's, or that of a submission somebody shared. */
export type Whose = 'mine' | 'submission'

export interface ComparisonLine {
  readonly key: string
  readonly label: string
  readonly mine: BasisPoints | undefined
  readonly everyone: BasisPoints | undefined
  readonly real: BasisPoints | undefined
}

export function comparisonLines(
  categories: readonly ComparedCategory[],
  snapshot: Snapshot | undefined,
  mine: Allocation | undefined,
): ComparisonLine[] {
  const averages = new Map(
    // An average over nobody is no statement; better no mark than a mark at zero.
    snapshot && snapshot.participantCount > 0
      ? snapshot.categories.map(({ category, averagePercent }) => [category.key, fromPercent(averagePercent)])
      : [],
  )
  return categories.map(({ key, label, actualPercent }) => ({
    key,
    label,
    mine: mine && (mine[key] ?? 0),
    everyone: averages.get(key),
    real: actualPercent === null ? undefined : fromPercent(actualPercent),
  }))
}

export type SortOrder = 'budget' | 'size' | 'gap'

/** As the budget has them, the largest first, or first where people and the real budget (else: where I) differ most. */
export function sorted(lines: readonly ComparisonLine[], order: SortOrder): ComparisonLine[] {
  const size = ({ everyone, real, mine }: ComparisonLine) => everyone ?? real ?? mine ?? 0
  const gap = (line: ComparisonLine) => Math.abs(gapToBudget(line) ?? gapToEveryone(line) ?? 0)
  const by = { budget: () => 0, size, gap }[order]
  return [...lines].sort((a, b) => by(b) - by(a))
}

/** How much more I give than everyone, in basis points; undefined without both. */
export function gapToEveryone({ mine, everyone }: ComparisonLine): BasisPoints | undefined {
  return mine === undefined || everyone === undefined ? undefined : mine - everyone
}

/** How much more everyone gives than the real budget, in basis points; undefined without both. */
export function gapToBudget({ everyone, real }: ComparisonLine): BasisPoints | undefined {
  return everyone === undefined || real === undefined ? undefined : everyone - real
}

const STEP = 10 * ONE_PERCENT
const SHORTEST = 40 * ONE_PERCENT

/** One end for all lines, in round steps, so that the scales can be compared and rarely change under the reader's eye. */
export function scaleEnd(lines: readonly ComparisonLine[]): BasisPoints {
  const longest = Math.max(
    0,
    ...lines.flatMap(({ mine = 0, everyone = 0, real = 0 }) => [mine, everyone, real]),
  )
  return Math.min(WHOLE, Math.max(SHORTEST, Math.ceil(longest / STEP) * STEP))
}
