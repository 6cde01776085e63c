import { describe, expect, it } from 'vitest'
import { leftToGive, sameAllocation } from './allocation'
import { WHOLE } from './share'

describe('left to give', () => {
  it('is exact where binary fractions are not', () => {
    expect(leftToGive({ a: 3333, b: 3333, c: 3334 })).toBe(0)
    expect(leftToGive({ a: 10, b: 20 })).toBe(WHOLE - 30)
  })

  it('is negative when too much is given', () => {
    expect(leftToGive({ a: 9000, b: 1300 })).toBe(-300)
  })
})

describe('the same allocation', () => {
  it('has the same share for every category, in any order', () => {
    expect(sameAllocation({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
    expect(sameAllocation({ a: 1, b: 2 }, { a: 1, b: 3 })).toBe(false)
    expect(sameAllocation({ a: 1 }, { a: 1, b: 0 })).toBe(false)
  })
})
