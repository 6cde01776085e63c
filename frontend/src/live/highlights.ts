import { fromPercent, ONE_PERCENT, type BasisPoints } from '../domain/share'
import { gapToBudget, type ComparisonLine } from './comparison'
import type { Snapshot } from './snapshot'

/** A line with the shares between which the middle half of all answers lies: its quartiles. */
export interface Highlight {
  readonly label: string
  readonly from: BasisPoints
  readonly to: BasisPoints
}

export interface Highlights {
  readonly widestGap: { readonly label: string; readonly gap: BasisPoints } | undefined
  readonly mostAgreed: Highlight | undefined
  readonly mostSplit: Highlight | undefined
}

/**
 * Where people and the real budget differ most, and on which line people agree most and least: where the middle half of
 * the answers is narrowest and widest. Lines below one per cent don't take part: people agree on each of them. Nothing is
 * told of fewer than two people, nor where all lines are equally wide.
 */
export function highlightsOf(lines: readonly ComparisonLine[], snapshot: Snapshot | undefined): Highlights {
  const gaps = lines.flatMap((line) => {
    const gap = gapToBudget(line)
    return gap === undefined || gap === 0 ? [] : [{ label: line.label, gap }]
  })
  const halves = snapshot && snapshot.participantCount > 1 ? middleHalves(lines, snapshot) : []
  const byWidth = halves.toSorted((a, b) => width(a) - width(b))
  const [narrowest, widest] = [byWidth.at(0), byWidth.at(-1)]
  const differ = narrowest !== undefined && widest !== undefined && width(narrowest) < width(widest)
  return {
    widestGap: gaps.toSorted((a, b) => Math.abs(b.gap) - Math.abs(a.gap))[0],
    mostAgreed: differ ? narrowest : undefined,
    mostSplit: differ ? widest : undefined,
  }
}

function middleHalves(lines: readonly ComparisonLine[], { categories }: Snapshot): Highlight[] {
  const spreads = new Map(categories.map((spread) => [spread.category.key, spread]))
  return lines.flatMap(({ key, label, everyone }) => {
    const spread = spreads.get(key)
    if (everyone === undefined || everyone < ONE_PERCENT || !spread) return []
    const { lowerQuartilePercent, upperQuartilePercent } = spread
    return [{ label, from: fromPercent(lowerQuartilePercent), to: fromPercent(upperQuartilePercent) }]
  })
}

function width({ from, to }: Highlight): BasisPoints {
  return to - from
}
