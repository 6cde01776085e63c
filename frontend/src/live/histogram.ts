import { WHOLE, type BasisPoints } from '../domain/share'

export interface Bin {
  readonly from: BasisPoints
  /** Where the next one begins; the last one includes its end. */
  readonly to: BasisPoints
  readonly count: number
}

export function holds({ from, to }: Bin, share: BasisPoints): boolean {
  return from <= share && (share < to || (share === to && to === WHOLE))
}

/** Nobody gives ninety per cent to one line: empty bins at the end are left out, though never mine. */
export function trimmed(bins: readonly Bin[], mine: BasisPoints | undefined): readonly Bin[] {
  const last = bins.findLastIndex((bin) => bin.count > 0 || (mine !== undefined && holds(bin, mine)))
  return bins.slice(0, Math.max(last + 1, Math.ceil(bins.length / 4)))
}
