import { WHOLE, type BasisPoints } from '../../domain/share'

export interface Bin {
  readonly from: BasisPoints
  /** The start of the next bin. Only the last bin includes its end. */
  readonly to: BasisPoints
  readonly count: number
}

export function holds({ from, to }: Bin, share: BasisPoints): boolean {
  return from <= share && (share < to || (share === to && to === WHOLE))
}

/** Leaves out empty bins at the end, but never the one with the answer that is compared. */
export function trimmed(bins: readonly Bin[], mine: BasisPoints | undefined): readonly Bin[] {
  const last = bins.findLastIndex((bin) => bin.count > 0 || (mine !== undefined && holds(bin, mine)))
  return bins.slice(0, Math.max(last + 1, Math.ceil(bins.length / 4)))
}
