import { expect, it } from 'vitest'
import { holds, trimmed, type Bin } from './bins'

const bins: Bin[] = [0, 2500, 5000, 7500].map((from) => ({
  from,
  to: from + 2500,
  count: from === 0 ? 3 : 0,
}))

it('a share lies in the bin that begins with it, and all of it in the last one', () => {
  const binOf = (share: number) => bins.findIndex((bin) => holds(bin, share))
  expect([0, 2499, 2500, 7500, 10_000].map(binOf)).toEqual([0, 0, 1, 3, 3])
})

it('empty bins at the end are left out, but not my own', () => {
  expect(trimmed(bins, undefined)).toHaveLength(1)
  expect(trimmed(bins, 6000)).toHaveLength(3)
})
