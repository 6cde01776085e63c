import { expect, test } from 'vitest'
import { english } from '../../testing/english'
import { shownPart } from './shownPart'

const counts = (participantCount: number, shownParticipantCount: number) => ({
  participantCount,
  shownParticipantCount,
})

test('everything is shown, or nobody has taken part', () => {
  expect(shownPart(counts(300, 300), 10, false)).toEqual({ kind: 'all' })
  expect(shownPart(counts(0, 0), 10, false)).toEqual({ kind: 'all' })
})

test('the next group is shown when the answers that it lacks are in', () => {
  expect(shownPart(counts(7, 0), 10, false)).toEqual({ kind: 'none', missing: 3 })
  expect(shownPart(counts(307, 300), 10, false)).toEqual({ kind: 'part', shown: 300, missing: 3 })
})

test('after the end nothing is awaited', () => {
  expect(shownPart(counts(301, 300), 10, true)).toEqual({ kind: 'rest', heldBack: 1 })
  expect(shownPart(counts(2, 0), 10, true)).toEqual({ kind: 'rest', heldBack: 2 })
})

test('fewer answers than are shown mean that removed ones are shown, and promise nothing', () => {
  expect(shownPart(counts(299, 300), 10, false)).toEqual({ kind: 'removed' })
  expect(shownPart(counts(299, 300), 10, true)).toEqual({ kind: 'removed' })
})

test('the words state no number that erasures can make wrong', () => {
  // 4 new answers and 1 erased one: 6 more new ones are missing, and the counts tell of 7.
  const part = shownPart(counts(303, 300), 10, false)
  if (part.kind !== 'part') throw new Error(part.kind)
  expect(english.texts.results.partShown(part.shown, part.missing)).toBe(
    'The averages contain 300 answers. The next group is shown after at most 7 more new answers.',
  )
})
