import { describe, expect, it } from 'vitest'
import { isOlder, newest } from './snapshotOrder'

const shown = { version: 7, asOf: '2026-05-01T12:00:07.000000Z' }

describe('the order of snapshots', () => {
  it.each([
    ['a lower version from before', { version: 6, asOf: '2026-05-01T12:00:06Z' }, true],
    ['a lower version of the same instant', { version: 6, asOf: shown.asOf }, true],
    ['the same version from before', { version: 7, asOf: '2026-05-01T12:00:06Z' }, true],
    ['the same snapshot again, maybe marked stale', shown, false],
    ['a higher version', { version: 8, asOf: '2026-05-01T12:00:08Z' }, false],
    ['a higher version from a clock that is behind', { version: 8, asOf: '2026-05-01T12:00:06Z' }, false],
    [
      'a lower version after an older database was restored',
      { version: 2, asOf: '2026-05-01T13:00:00Z' },
      false,
    ],
  ])('takes %s as older: %#', (_what, next, older) => {
    expect(isOlder(next, shown)).toBe(older)
    expect(newest(shown, next)).toBe(older ? shown : next)
  })

  it('starts with the first one there is', () => {
    expect(newest(undefined, shown)).toBe(shown)
  })
})
