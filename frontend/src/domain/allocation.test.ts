import { describe, expect, it } from 'vitest'
import { emptyAllocation, leftToGive, sameAllocation, settleEvenly, total } from './allocation'
import { WHOLE } from './share'

/** A small repeatable generator: a failure can be run again. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('left to give', () => {
  it('is exact where binary fractions are not', () => {
    expect(leftToGive({ a: 3333, b: 3333, c: 3334 })).toBe(0)
    expect(leftToGive({ a: 10, b: 20 })).toBe(WHOLE - 30)
  })

  it('is negative when too much is given', () => {
    expect(leftToGive({ a: 9000, b: 1300 })).toBe(-300)
  })
})

describe('settling evenly', () => {
  it('spreads the rest in equal parts, odd hundredths to the first', () => {
    expect(settleEvenly(emptyAllocation(['a', 'b', 'c']))).toEqual({ a: 3334, b: 3333, c: 3333 })
    expect(settleEvenly({ a: 5000, b: 0 })).toEqual({ a: 7500, b: 2500 })
  })

  it('takes an excess off the rows that have something, never below zero', () => {
    expect(settleEvenly({ a: 9900, b: 20, c: 180, d: 0 })).toEqual({ a: 9859, b: 0, c: 141, d: 0 })
    expect(settleEvenly({ a: 6000, b: 6000, c: 0 })).toEqual({ a: 5000, b: 5000, c: 0 })
  })

  it('leaves a whole allocation as it is', () => {
    const whole = { a: 2500, b: 7500 }
    expect(settleEvenly(whole)).toEqual(whole)
  })

  it('always ends at exactly 100 % with no row below zero', () => {
    const random = numbersFrom(20_260_101)
    for (let round = 0; round < 2000; round += 1) {
      const rows = 1 + Math.floor(random() * 30)
      const highest = random() < 0.5 ? WHOLE : 1000
      const allocation = Object.fromEntries(
        Array.from({ length: rows }, (_, index) => [`row${index}`, Math.floor(random() * (highest + 1))]),
      )
      const settled = settleEvenly(allocation)
      expect(total(settled)).toBe(WHOLE)
      expect(Math.min(...Object.values(settled))).toBeGreaterThanOrEqual(0)
      expect(Math.max(...Object.values(settled))).toBeLessThanOrEqual(WHOLE)
    }
  })

  it('has nothing to settle without categories', () => {
    expect(settleEvenly({})).toEqual({})
  })
})

describe('the same allocation', () => {
  it('has the same share for every category, in any order', () => {
    expect(sameAllocation({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
    expect(sameAllocation({ a: 1, b: 2 }, { a: 1, b: 3 })).toBe(false)
    expect(sameAllocation({ a: 1 }, { a: 1, b: 0 })).toBe(false)
  })
})
