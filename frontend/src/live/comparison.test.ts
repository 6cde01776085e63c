import { describe, expect, it } from 'vitest'
import { comparisonLines, scaleEnd } from './comparison'
import type { Snapshot } from './snapshot'

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
    categories: [
      { category: { key: 'b' }, averagePercent: 66.67 },
      { category: { key: 'a' }, averagePercent: 33.33 },
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
