import { describe, expect, it } from 'vitest'
import { comparisonLines } from './comparison'
import { highlightsOf } from './highlights'
import type { Snapshot } from './snapshot'

const categories = [
  { key: 'a', label: 'A', actualPercent: 30 },
  { key: 'b', label: 'B', actualPercent: 60 },
  { key: 'c', label: 'C', actualPercent: 10 },
]

function snapshot(participantCount: number): Snapshot {
  return {
    version: 1,
    asOf: '2026-01-01T00:00:00Z',
    stale: false,
    participantCount,
    submissionCount: participantCount,
    categories: [
      { category: { key: 'a' }, averagePercent: 49.5, standardDeviation: 10 },
      { category: { key: 'b' }, averagePercent: 50, standardDeviation: 25 },
      { category: { key: 'c' }, averagePercent: 0.5, standardDeviation: 3 },
    ],
  }
}

function highlights(participantCount: number) {
  const found = snapshot(participantCount)
  return highlightsOf(comparisonLines(categories, found, undefined), found)
}

describe('highlights', () => {
  it('name the widest gap to the budget, and where answers differ least and most for their size', () => {
    expect(highlights(10)).toEqual({
      widestGap: { label: 'A', gap: 1950 },
      mostAgreed: { label: 'A', average: 4950, spread: 1000 },
      mostSplit: { label: 'B', average: 5000, spread: 2500 },
    })
  })

  it('say nothing about the agreement of one, and nothing at all about nobody', () => {
    expect(highlights(1)).toMatchObject({ mostAgreed: undefined, mostSplit: undefined })
    expect(highlights(0).widestGap).toBeUndefined()
  })
})
