import { latinDigits } from './digits'

/** A part of the whole in hundredths of a percent. Integers only: 33.33 + 33.33 + 33.34 must be exactly 100. */
export type BasisPoints = number

export const WHOLE: BasisPoints = 10_000
export const ONE_PERCENT: BasisPoints = 100

export type ShareProblem = 'not-a-number' | 'negative' | 'too-many-decimals' | 'over-100'

export type ParsedShare = { ok: true; share: BasisPoints } | { ok: false; problem: ShareProblem }

const NUMBER = /^(-?)(\d*)(?:[.,٫](\d*))?$/

/**
 * Reads a typed share. The decimal sign may be a comma, a point or the Arabic one; the digits may be Arabic or Persian.
 * At most two decimals are allowed. An empty field is a share of 0.
 */
export function parseShare(text: string): ParsedShare {
  const cleaned = latinDigits(text).replace(/[\s%٪\u200e\u200f\u061c]/g, '')
  if (cleaned === '') return { ok: true, share: 0 }
  const match = NUMBER.exec(cleaned)
  const [, sign = '', whole = '', decimals = ''] = match ?? []
  if (!match || (whole === '' && decimals === '')) return { ok: false, problem: 'not-a-number' }
  const significant = decimals.replace(/0+$/, '')
  if (significant.length > 2) return { ok: false, problem: 'too-many-decimals' }
  const share = Number(whole) * ONE_PERCENT + Number(significant.padEnd(2, '0'))
  if (sign === '-' && share > 0) return { ok: false, problem: 'negative' }
  if (share > WHOLE) return { ok: false, problem: 'over-100' }
  return { ok: true, share }
}

/** The server sends percents with two decimals. Rounding only removes the error of the binary fraction. */
export function fromPercent(percent: number): BasisPoints {
  return Math.round(percent * ONE_PERCENT)
}

export function toPercent(share: BasisPoints): number {
  return share / ONE_PERCENT
}

export function clampShare(share: BasisPoints): BasisPoints {
  return Math.min(WHOLE, Math.max(0, share))
}
