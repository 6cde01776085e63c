import { apportion } from '../../domain/apportion'
import { latinDigits } from '../../domain/digits'
import { WHOLE, type BasisPoints } from '../../domain/share'

export interface Bracket {
  /** The yearly income above which the rate applies, in whole units of the currency. */
  readonly above: number
  readonly percent: number
}

export interface Tax {
  readonly label: string
  readonly brackets: readonly Bracket[]
}

/** Hundredths of the currency's unit. */
export type Cents = number

/** With larger amounts the sums below would not be exact any more. */
export const LARGEST_AMOUNT = 1_000_000_000

/** One tax on a yearly income: each bracket's rate applies to the part of the income within that bracket. */
export function taxOn(income: number, brackets: readonly Bracket[]): Cents {
  const ascending = [...brackets].sort((a, b) => a.above - b.above)
  // Units times hundredths of a percent are whole numbers; only the end result is rounded.
  const tenThousandths = ascending.reduce((sum, { above, percent }, index) => {
    const end = Math.min(income, ascending[index + 1]?.above ?? income)
    return sum + Math.max(0, end - above) * Math.round(percent * 100)
  }, 0)
  return Math.round(tenThousandths / 100)
}

/** Each tax is rounded to cents, so that the parts add up to the sum that is shown. */
export function taxesOn(income: number, taxes: readonly Tax[]): Cents[] {
  return taxes.map(({ brackets }) => taxOn(income, brackets))
}

/** Splits an amount by shares, in whole units. The parts add up exactly to the part of the amount that is allocated. */
export function partsOf(amount: number, shares: readonly BasisPoints[]): number[] {
  const given = shares.reduce((sum, share) => sum + share, 0)
  return apportion(amount, [...shares, Math.max(0, WHOLE - given)]).slice(0, shares.length)
}

/** Reads a typed amount, with or without separators, in whole units. Cents are dropped. */
export function parseAmount(text: string): number | undefined {
  const cleaned = latinDigits(text).replace(/[\s'’٬\u061c\u200e\u200f]|\p{Sc}/gu, '')
  const match = /^(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*|\d+)(?:[.,]\d{0,2})?$/.exec(cleaned)
  if (!match) return undefined
  const amount = Number((match[1] ?? '').replace(/[.,]/g, ''))
  return amount <= LARGEST_AMOUNT ? amount : undefined
}
