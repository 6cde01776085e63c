import { expect, it } from 'vitest'
import { lastDays } from './lastDays'

it('lists days without a gap over the end of a month, by the clock of the server', () => {
  expect(lastDays(3, new Date('2028-03-01T23:30:00-05:00'))).toEqual([
    '2028-02-29',
    '2028-03-01',
    '2028-03-02',
  ])
})
