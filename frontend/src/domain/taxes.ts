import { apportion } from './apportion'
import { latinDigits } from './digits'
import { WHOLE, type BasisPoints } from './share'

export interface Bracket {
  /** The yearly income above which it applies, in whole units of the currency. */
  readonly above: number
  readonly percent: number
}

export interface Tax {
  readonly label: string
  readonly brackets: readonly Bracket[]
}

/** In hundredths of the currency's unit. */
export type Cents = number

/** Beyond it the sums below would no longer be exact, and a receipt no longer an illustration. */
export const LARGEST_AMOUNT = 1_000_000_000

/** What one tax takes of a yearly income: each bracket's rate on the part of the income that lies in it. */
export function taxOn(income: number, brackets: readonly Bracket[]): Cents {
  const ascending = [...brackets].sort((a, b) => a.above - b.above)
  // Units times hundredths of a percent: whole numbers up to the one rounding at the end.
  const tenThousandths = ascending.reduce((sum, { above, percent }, index) => {
    const end = Math.min(income, ascending[index + 1]?.above ?? income)
    return sum + Math.max(0, end - above) * Math.round(percent * 100)
  }, 0)
  return Math.round(tenThousandths / 100)
}

/** The taxes in cents, in their order. What is shown as their sum is the sum of these. */
export function taxesOn(income: number, taxes: readonly Tax[]): Cents[] {
  return taxes.map(({ brackets }) => taxOn(income, brackets))
}

/** What each share means of an amount in whole units: parts that add up to what the shares add up to. */
export function partsOf(amount: number, shares: readonly BasisPoints[]): number[] {
  const given = shares.reduce((sum, share) => sum + share, 0)
  return apportion(amount, [...shares, Math.max(0, WHOLE - given)]).slice(0, shares.length)
}

/** Reads an amount in whole units as people write it, with or without separators; cents are dropped. */
export function parseAmount(text: string): number | undefined {
  const cleaned = latinDigits(text).replace(/[\s'’٬\u061c\u200e\u200f]|\p{Sc}/gu, '')
  const match = /^(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*|\d+)(?:[.,]\d{0,2})?$/.exec(cleaned)
  if (!match) return undefined
  const amount = Number((match[1] ?? '').replace(/[.,]/g, ''))
  return amount <= LARGEST_AMOUNT ? amount : undefined
}
