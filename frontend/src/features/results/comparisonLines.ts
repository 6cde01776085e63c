import type { Allocation } from '../../domain/allocation'
import { fromPercent, ONE_PERCENT, WHOLE, type BasisPoints } from '../../domain/share'
import type { Snapshot } from '../../live/snapshot'

export interface ComparedCategory {
  readonly key: string
  readonly label: string
  readonly actualPercent: number | null
}

/** The answer that is compared: the reader's own, or a submission that somebody shared. */
export type Subject = 'mine' | 'submission'

export interface ComparisonLine {
  readonly key: string
  readonly label: string
  readonly mine: BasisPoints | undefined
  readonly everyone: BasisPoints | undefined
  readonly real: BasisPoints | undefined
}

/** The averages of a snapshot. */
type Averages = Pick<Snapshot, 'shownParticipantCount'> & {
  readonly categories: readonly Pick<Snapshot['categories'][number], 'category' | 'averagePercent'>[]
}

export function comparisonLines(
  categories: readonly ComparedCategory[],
  snapshot: Averages | undefined,
  mine: Allocation | undefined,
): ComparisonLine[] {
  const averages = new Map(
    // Without answers that are shown there is no average; a mark at 0 would be wrong.
    snapshot && snapshot.shownParticipantCount > 0
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

/** Orders by the budget, by size, or by the gap to the real budget (without a real budget: between `mine` and everyone). */
export function sorted(lines: readonly ComparisonLine[], order: SortOrder): ComparisonLine[] {
  const size = ({ everyone, real, mine }: ComparisonLine) => everyone ?? real ?? mine ?? 0
  const gap = (line: ComparisonLine) => Math.abs(gapToBudget(line) ?? gapToEveryone(line) ?? 0)
  const by = { budget: () => 0, size, gap }[order]
  return [...lines].sort((a, b) => by(b) - by(a))
}

/** `mine` minus everyone's average; undefined without both. */
export function gapToEveryone({ mine, everyone }: ComparisonLine): BasisPoints | undefined {
  return mine === undefined || everyone === undefined ? undefined : mine - everyone
}

/** Everyone's average minus the real budget; undefined without both. */
export function gapToBudget({ everyone, real }: ComparisonLine): BasisPoints | undefined {
  return everyone === undefined || real === undefined ? undefined : everyone - real
}

const STEP = 10 * ONE_PERCENT
const SHORTEST = 40 * ONE_PERCENT

/** The end of the scale, the same for all lines. It has round steps, so that it rarely changes while somebody reads. */
export function scaleEnd(lines: readonly ComparisonLine[]): BasisPoints {
  const longest = Math.max(
    0,
    ...lines.flatMap(({ mine = 0, everyone = 0, real = 0 }) => [mine, everyone, real]),
  )
  return Math.min(WHOLE, Math.max(SHORTEST, Math.ceil(longest / STEP) * STEP))
}
