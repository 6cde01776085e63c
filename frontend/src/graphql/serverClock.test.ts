import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ServerClock } from './serverClock'

const DEVICE = Date.parse('2026-05-01T12:00:00.000Z')

beforeEach(() => {
  vi.useFakeTimers({ now: DEVICE })
})
afterEach(() => {
  vi.useRealTimers()
})

function after(date: string | null): string {
  const clock = new ServerClock()
  clock.adjust(date, DEVICE - 200, DEVICE)
  return clock.now().toISOString()
}

it.each([
  ['a year ahead', 'Sat, 01 May 2027 12:00:00 GMT', '2027-05-01T12:00:00.600Z'],
  ['a minute behind', 'Fri, 01 May 2026 11:59:00 GMT', '2026-05-01T11:59:00.600Z'],
])('the time is the server\u2019s, %s of this device', (_, date, now) => {
  expect(after(date)).toBe(now)
})

it.each([
  ['agrees within its second', 'Fri, 01 May 2026 11:59:59 GMT'],
  ['is not said', null],
  ['cannot be read', 'today'],
])('the time is this device\u2019s where the server\u2019s %s', (_, date) => {
  expect(after(date)).toBe('2026-05-01T12:00:00.000Z')
})
