import { describe, expect, it } from 'vitest'
import { emptyAllocation, total } from '../../domain/allocation'
import { obstacleTo, rebalance, settleOn, type RebalanceMode } from './rebalance'
import { WHOLE } from '../../domain/share'

/** A small repeatable generator: a failure can be run again. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('rebalancing evenly', () => {
  it('spreads the rest in equal parts, odd hundredths to the first', () => {
    expect(rebalance(emptyAllocation(['a', 'b', 'c']), [], 'evenly')).toEqual({ a: 3334, b: 3333, c: 3333 })
    expect(rebalance({ a: 5000, b: 0 }, [], 'evenly')).toEqual({ a: 7500, b: 2500 })
  })

  it('takes an excess off the rows that have something, never below zero', () => {
    expect(rebalance({ a: 9900, b: 20, c: 180, d: 0 }, [], 'evenly')).toEqual({ a: 9860, b: 0, c: 140, d: 0 })
    expect(rebalance({ a: 6000, b: 6000, c: 0 }, [], 'evenly')).toEqual({ a: 5000, b: 5000, c: 0 })
  })
})

describe('rebalancing in proportion', () => {
  it('keeps the proportions between the rows', () => {
    expect(rebalance({ a: 1000, b: 3000, c: 0 }, [], 'in-proportion')).toEqual({ a: 2500, b: 7500, c: 0 })
    expect(rebalance({ a: 9000, b: 3000 }, [], 'in-proportion')).toEqual({ a: 7500, b: 2500 })
  })

  it('has no proportions to keep where nothing is given', () => {
    expect(rebalance({ a: 0, b: 0 }, [], 'in-proportion')).toEqual({ a: 5000, b: 5000 })
  })
})

describe.each<RebalanceMode>(['evenly', 'in-proportion'])('rebalancing %s', (mode) => {
  it('leaves locked rows alone', () => {
    expect(rebalance({ a: 4000, b: 1000, c: 1000 }, ['a'], mode)).toEqual({ a: 4000, b: 3000, c: 3000 })
  })

  it('changes nothing where it cannot reach 100 %', () => {
    const over = { a: 6000, b: 5000, c: 10 }
    expect(obstacleTo(over, ['a', 'b'])).toBe('locked-over')
    expect(rebalance(over, ['a', 'b'], mode)).toBe(over)
    const allLocked = { a: 1, b: 2 }
    expect(obstacleTo(allLocked, ['a', 'b'])).toBe('all-locked')
    expect(rebalance(allLocked, ['a', 'b'], mode)).toBe(allLocked)
  })

  it('always ends at exactly 100 %, no row below zero, locked rows as they were', () => {
    const random = numbersFrom(20_260_101)
    for (let round = 0; round < 2000; round += 1) {
      const highest = random() < 0.5 ? WHOLE : 1000
      const allocation = Object.fromEntries(
        Array.from({ length: 1 + Math.floor(random() * 30) }, (_, index) => [
          `row${index}`,
          Math.floor(random() * (highest + 1)),
        ]),
      )
      const locked = Object.keys(allocation).filter(() => random() < 0.2)
      const settled = rebalance(allocation, locked, mode)
      for (const key of locked) expect(settled[key]).toBe(allocation[key])
      expect(Math.min(...Object.values(settled))).toBeGreaterThanOrEqual(0)
      if (!obstacleTo(allocation, locked)) expect(total(settled)).toBe(WHOLE)
      expect(rebalance(settled, locked, mode)).toEqual(settled)

      const backwards = Object.fromEntries(Object.entries(allocation).reverse())
      const other = rebalance(backwards, locked, mode)
      for (const [key, share] of Object.entries(settled)) {
        expect(Math.abs(share - (other[key] ?? 0))).toBeLessThanOrEqual(1)
      }
    }
  })
})

describe('settling on one row', () => {
  it('gives it what is left and takes what is too much, within 0 and 100 %', () => {
    expect(settleOn({ a: 1000, b: 2000 }, 'a')).toEqual({ a: 8000, b: 2000 })
    expect(settleOn({ a: 9000, b: 2000 }, 'a')).toEqual({ a: 8000, b: 2000 })
    expect(settleOn({ a: 500, b: 11_000 }, 'a')).toEqual({ a: 0, b: 11_000 })
  })
})
