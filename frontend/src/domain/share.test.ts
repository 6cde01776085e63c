import { describe, expect, it } from 'vitest'
import { fromPercent, parseShare, toPercent, WHOLE } from './share'

describe('a typed share', () => {
  it.each([
    ['', 0],
    ['0', 0],
    ['7', 700],
    ['12.5', 1250],
    ['12,5', 1250],
    ['12,', 1200],
    ['.5', 50],
    ['33.33', 3333],
    ['0.01', 1],
    ['5.500', 550],
    [' 10 % ', 1000],
    ['100', 10_000],
    ['100.00', 10_000],
    ['-0', 0],
    ['١٢٫٥', 1250],
    ['۱۲٫۵ ٪', 1250],
  ])('reads %j as %d hundredths of a percent', (text, share) => {
    expect(parseShare(text)).toEqual({ ok: true, share })
  })

  it.each([
    ['abc', 'not-a-number'],
    ['.', 'not-a-number'],
    ['1.2.3', 'not-a-number'],
    ['1e2', 'not-a-number'],
    ['NaN', 'not-a-number'],
    ['33.333', 'too-many-decimals'],
    ['-1', 'negative'],
    ['100.01', 'over-100'],
    ['99999999999999999999', 'over-100'],
  ])('refuses %j as %s', (text, problem) => {
    expect(parseShare(text)).toEqual({ ok: false, problem })
  })
})

describe('percents of the server', () => {
  it('lose nothing on the way there and back', () => {
    for (let share = 0; share <= WHOLE; share += 1) expect(fromPercent(toPercent(share))).toBe(share)
  })
})
