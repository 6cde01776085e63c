import { describe, expect, it } from 'vitest'
import { comparisonLines } from './comparisonLines'
import { highlightsOf } from './highlights'
import type { Snapshot } from '../../live/snapshot'

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
    shownParticipantCount: participantCount,
    categories: [
      { category: { key: 'a' }, averagePercent: 49.5, lowerQuartilePercent: 40, upperQuartilePercent: 60 },
      { category: { key: 'b' }, averagePercent: 50, lowerQuartilePercent: 10, upperQuartilePercent: 28 },
      { category: { key: 'c' }, averagePercent: 0.5, lowerQuartilePercent: 0, upperQuartilePercent: 1 },
    ],
  }
}

function highlights(participantCount: number) {
  const found = snapshot(participantCount)
  return highlightsOf(comparisonLines(categories, found, undefined), found)
}

describe('highlights', () => {
  it('name the widest gap to the budget, and where the middle half of the answers is narrowest and widest', () => {
    expect(highlights(10)).toEqual({
      widestGap: { label: 'A', gap: 1950 },
      mostAgreed: { label: 'B', from: 1000, to: 2800 },
      mostSplit: { label: 'A', from: 4000, to: 6000 },
    })
  })

  it('say nothing about agreement where it is the same on every line', () => {
    const found = snapshot(10)
    const [first] = comparisonLines(categories, found, undefined)
    expect(highlightsOf(first ? [first] : [], found)).toMatchObject({
      mostAgreed: undefined,
      mostSplit: undefined,
    })
  })

  it('say nothing about the agreement of one, and nothing at all about nobody', () => {
    expect(highlights(1)).toMatchObject({ mostAgreed: undefined, mostSplit: undefined })
    expect(highlights(0).widestGap).toBeUndefined()
  })
})
