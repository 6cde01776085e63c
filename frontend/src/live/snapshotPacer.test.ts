import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Snapshot } from './snapshot'
import { SHOW_EVERY_MS, SnapshotPacer } from './snapshotPacer'

function snapshot(version: number): Snapshot {
  return {
    version,
    asOf: '2026-01-01T00:00:00Z',
    stale: false,
    participantCount: version,
    shownParticipantCount: version,
    submissionCount: version,
    categories: [],
  }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('what is shown', () => {
  it('is the first snapshot at once, then the newest, at most once a second', () => {
    const pacer = new SnapshotPacer<Snapshot>()
    const shown: (number | undefined)[] = []
    pacer.subscribe(() => shown.push(pacer.current().snapshot?.version))
    for (let version = 1; version <= 10; version += 1) {
      pacer.push(snapshot(version))
      vi.advanceTimersByTime(SHOW_EVERY_MS / 4)
    }
    vi.advanceTimersByTime(SHOW_EVERY_MS)
    expect(shown).toEqual([1, 4, 8, 10])
  })

  it('stays as it is while paused, says how much was missed, and then is the newest', () => {
    const pacer = new SnapshotPacer<Snapshot>()
    pacer.push(snapshot(1))
    pacer.pause()
    pacer.push(snapshot(2))
    pacer.push(snapshot(3))
    vi.advanceTimersByTime(10 * SHOW_EVERY_MS)
    expect(pacer.current()).toMatchObject({ paused: true, missed: 2, snapshot: { version: 1 } })
    pacer.resume()
    expect(pacer.current()).toMatchObject({ paused: false, missed: 0, snapshot: { version: 3 } })
  })
})
