import { expect, it } from 'vitest'
import { apportion } from './apportion'

it('gives each its proportion, and what is left over to the largest remainders', () => {
  expect(apportion(100, [1, 1, 1])).toEqual([34, 33, 33])
  expect(apportion(10, [6, 6, 6, 2])).toEqual([3, 3, 3, 1])
  expect(apportion(7, [0, 5, 0])).toEqual([0, 7, 0])
})

it('gives nothing in proportion to nothing', () => {
  expect(apportion(100, [0, 0])).toEqual([0, 0])
  expect(apportion(100, [])).toEqual([])
})

it('stays exact where the products are beyond a float', () => {
  const amount = 9_007_199_254_740_991
  expect(apportion(amount, [5000, 5000])).toEqual([4_503_599_627_370_496, 4_503_599_627_370_495])
})
