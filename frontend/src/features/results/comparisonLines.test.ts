import { describe, expect, it } from 'vitest'
import {
  comparisonLines,
  gapToBudget,
  gapToEveryone,
  scaleEnd,
  sorted,
  type ComparisonLine,
} from './comparisonLines'
import type { Snapshot } from '../../live/snapshot'

const categories = [
  { key: 'a', label: 'A', actualPercent: 28.18 },
  { key: 'b', label: 'B', actualPercent: null },
]

function snapshot(participantCount: number): Snapshot {
  return {
    version: 1,
    asOf: '2026-01-01T00:00:00Z',
    stale: false,
    participantCount,
    submissionCount: participantCount,
    shownParticipantCount: participantCount,
    categories: [
      { category: { key: 'b' }, averagePercent: 66.67, lowerQuartilePercent: 60, upperQuartilePercent: 70 },
      { category: { key: 'a' }, averagePercent: 33.33, lowerQuartilePercent: 30, upperQuartilePercent: 40 },
    ],
  }
}

describe('the lines of a comparison', () => {
  it('put mine, everyone and the real budget of a category side by side', () => {
    expect(comparisonLines(categories, snapshot(3), { a: 10_000 })).toMatchObject([
      { key: 'a', mine: 10_000, everyone: 3333, real: 2818 },
      { key: 'b', mine: 0, everyone: 6667, real: undefined },
    ])
  })

  it('make no statement about nobody', () => {
    expect(comparisonLines(categories, snapshot(0), undefined)).toMatchObject([
      { mine: undefined, everyone: undefined, real: 2818 },
      { mine: undefined, everyone: undefined, real: undefined },
    ])
  })
})

describe('the end of the scales', () => {
  const line = (mine: number) => ({ key: 'a', label: 'A', mine, everyone: 0, real: undefined })

  it.each([
    [0, 4000],
    [4000, 4000],
    [4001, 5000],
    [10_000, 10_000],
  ])('for a longest mark at %d is %d', (longest, end) => {
    expect(scaleEnd([line(0), line(longest)])).toBe(end)
  })
})

describe('sorted lines', () => {
  const line = (key: string, everyone: number, real: number | undefined, mine?: number): ComparisonLine => ({
    key,
    label: key,
    mine,
    everyone,
    real,
  })
  const lines = [line('a', 1000, 900), line('b', 3000, 3500), line('c', 2000, 1950)]
  const keys = (found: readonly ComparisonLine[]) => found.map(({ key }) => key).join('')

  it('stand as in the budget, by size, or by the gap to the real budget', () => {
    expect(keys(sorted(lines, 'budget'))).toBe('abc')
    expect(keys(sorted(lines, 'size'))).toBe('bca')
    expect(keys(sorted(lines, 'gap'))).toBe('bac')
  })

  it('go by my gap to everyone where the real budget is not known', () => {
    expect(keys(sorted([line('a', 10, undefined, 20), line('b', 10, undefined, 50)], 'gap'))).toBe('ba')
  })

  it('know both gaps, where there are two marks to compare', () => {
    expect([gapToEveryone(line('a', 1000, 900, 1500)), gapToBudget(line('a', 1000, 900))]).toEqual([500, 100])
    expect([gapToEveryone(line('a', 1000, 900)), gapToBudget(line('a', 1000, undefined))]).toEqual([
      undefined,
      undefined,
    ])
  })
})
