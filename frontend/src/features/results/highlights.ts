import { fromPercent, ONE_PERCENT, type BasisPoints } from '../../domain/share'
import { gapToBudget, type ComparisonLine } from './comparisonLines'
import type { Snapshot } from '../../live/snapshot'

/** A line with its quartiles, between which the middle half of all answers lies. */
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
 * The line on which people and the real budget differ most, and the lines on which people agree most and least: those
 * whose middle half of the answers is narrowest and widest. Lines below 1 % are left out, because people agree on all of
 * them. With fewer than two participants, or with equal widths, there is no such line.
 */
export function highlightsOf(lines: readonly ComparisonLine[], snapshot: Snapshot | undefined): Highlights {
  const gaps = lines.flatMap((line) => {
    const gap = gapToBudget(line)
    return gap === undefined || gap === 0 ? [] : [{ label: line.label, gap }]
  })
  const halves = snapshot && snapshot.shownParticipantCount > 1 ? middleHalves(lines, snapshot) : []
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
