import { expect, it } from 'vitest'
import { mergePatch } from './json'

it('a merge patch names what changed, removes by null and sends lists whole', () => {
  const before = { title: 'A', note: 'x', list: [1, 2], deep: { a: 1, b: 2 }, same: { c: [3] } }
  const after = { title: 'B', list: [2, 1], deep: { a: 1, d: 4 }, same: { c: [3] } }
  expect(mergePatch(before, after)).toEqual({
    title: 'B',
    note: null,
    list: [2, 1],
    deep: { b: null, d: 4 },
  })
})
