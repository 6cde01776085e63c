import { describe, expect, it } from 'vitest'
import { parseAmount, partsOf, taxesOn, taxOn } from './taxes'

/** The United States, a single filer with wages only, tax year 2025. */
const incomeTax = [
  { above: 15_750, percent: 10 },
  { above: 27_675, percent: 12 },
  { above: 64_225, percent: 22 },
  { above: 119_100, percent: 24 },
]
const socialSecurity = [
  { above: 0, percent: 6.2 },
  { above: 176_100, percent: 0 },
]
const medicare = [
  { above: 0, percent: 1.45 },
  { above: 200_000, percent: 2.35 },
]
const taxes = [incomeTax, socialSecurity, medicare].map((brackets) => ({ label: '', brackets }))

describe('the taxes on an income', () => {
  // By hand: 60 000: 11 925 × 10 % + 32 325 × 12 %; 60 000 × 6.2 %; 60 000 × 1.45 %
  it.each([
    [0, [0, 0, 0]],
    [15_750, [0, 97_650, 22_838]],
    [30_000, [147_150, 186_000, 43_500]],
    [60_000, [507_150, 372_000, 87_000]],
    [120_000, [1_786_700, 744_000, 174_000]],
  ])('of %d are %j cents', (income, cents) => {
    expect(taxesOn(income, taxes)).toEqual(cents)
  })

  it('end where a bracket of nothing begins, and rise where a higher one does', () => {
    expect(taxOn(500_000, socialSecurity)).toBe(1_091_820)
    expect(taxOn(300_000, medicare)).toBe(525_000)
  })

  it('do not depend on the order of the brackets', () => {
    expect(taxOn(120_000, [...incomeTax].reverse())).toBe(1_786_700)
  })
})

describe('the parts of an amount', () => {
  it('add up to it when everything is given', () => {
    expect(partsOf(100, [3333, 3333, 3334])).toEqual([33, 33, 34])
    expect(partsOf(9661, [2818, 7182]).reduce((a, b) => a + b)).toBe(9661)
  })

  it('leave out what is not given', () => {
    expect(partsOf(1000, [2500, 0])).toEqual([250, 0])
  })
})

describe('a typed amount', () => {
  it.each([
    ['60000', 60_000],
    ['60,000', 60_000],
    ['60.000', 60_000],
    ['1 234 567', 1_234_567],
    ["1'234'567.89", 1_234_567],
    ['$45,000.50', 45_000],
    ['٦٠٬٠٠٠', 60_000],
    ['0', 0],
  ])('reads %j as %d', (text, amount) => {
    expect(parseAmount(text)).toBe(amount)
  })

  it.each(['', 'x', '-5', '1e9', '1,2,3', '12,34567', '10000000000'])('does not take %j', (text) => {
    expect(parseAmount(text)).toBeUndefined()
  })
})
