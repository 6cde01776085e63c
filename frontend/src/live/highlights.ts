import { fromPercent, ONE_PERCENT, type BasisPoints } from '../domain/share'
import { gapToBudget, type ComparisonLine } from './comparison'
import type { Snapshot } from './snapshot'

export interface Highlight {
  readonly label: string
  readonly average: BasisPoints
  /** Of the answers around their average: the standard deviation. */
  readonly spread: BasisPoints
}

export interface Highlights {
  readonly widestGap: { readonly label: string; readonly gap: BasisPoints } | undefined
  readonly mostAgreed: Highlight | undefined
  readonly mostSplit: Highlight | undefined
}

/**
 * Where people and the real budget differ most, and on which line people agree most and least: by the spread in
 * proportion to the average (the coefficient of variation), since a small line can only have a small spread. Lines below
 * one per cent don't take part: there a rounding would decide. Nothing is told of fewer than two people.
 */
export function highlightsOf(lines: readonly ComparisonLine[], snapshot: Snapshot | undefined): Highlights {
  const gaps = lines.flatMap((line) => {
    const gap = gapToBudget(line)
    return gap === undefined || gap === 0 ? [] : [{ label: line.label, gap }]
  })
  const spreads = new Map(
    snapshot && snapshot.participantCount > 1
      ? snapshot.categories.map(({ category, standardDeviation }) => [
          category.key,
          fromPercent(standardDeviation),
        ])
      : [],
  )
  const variations = lines.flatMap(({ key, label, everyone }) => {
    const spread = spreads.get(key)
    return everyone === undefined || everyone < ONE_PERCENT || spread === undefined
      ? []
      : [{ label, average: everyone, spread }]
  })
  const byVariation = variations.toSorted((a, b) => a.spread * b.average - b.spread * a.average)
  return {
    widestGap: gaps.toSorted((a, b) => Math.abs(b.gap) - Math.abs(a.gap))[0],
    mostAgreed: byVariation.at(0),
    mostSplit: byVariation.length > 1 ? byVariation.at(-1) : undefined,
  }
}
