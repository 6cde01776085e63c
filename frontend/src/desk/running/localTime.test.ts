import { expect, it } from 'vitest'
import { localTime, timeZones } from './localTime'

it.each([
  ['2026-07-01T10:00:00Z', 'Europe/Berlin', '2026-07-01T12:00'],
  ['2026-12-31T23:30:00Z', 'Asia/Tokyo', '2027-01-01T08:30'],
  ['2026-07-01T00:00:00Z', 'UTC', '2026-07-01T00:00'],
])('%s in %s is %s', (instant, zone, local) => {
  expect(localTime(instant, zone)).toBe(local)
})

it('the zone of a budget is always offered', () => {
  expect(timeZones('Europe/Busingen')[0]).toBe('Europe/Busingen')
})
