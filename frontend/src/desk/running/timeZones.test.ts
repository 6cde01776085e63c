import { expect, it } from 'vitest'
import { timeZones } from './timeZones'

it('the zone of a budget is offered, also where the browser does not list it, and none twice', () => {
  const zones = timeZones('Europe/Busingen')
  expect(zones[0]).toBe('Europe/Busingen')
  expect(new Set(zones).size).toBe(zones.length)
})
