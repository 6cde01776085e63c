import { expect, it } from 'vitest'
import { changedFields } from './changedFields'

it('an entry of the log shows each field with both of its values', () => {
  expect(
    changedFields(
      { title: 'A', same: 1, categories: [{ label: 'Roads' }], tags: ['a'] },
      { title: 'B', same: 1, categories: [{ label: 'Streets' }], tags: ['a', 'b'] },
    ),
  ).toEqual([
    { path: 'title', before: 'A', after: 'B' },
    { path: 'categories.0.label', before: 'Roads', after: 'Streets' },
    { path: 'tags', before: ['a'], after: ['a', 'b'] },
  ])
})

it('something that was made has no value before', () => {
  expect(changedFields(null, { title: 'A' })).toEqual([{ path: '', before: null, after: { title: 'A' } }])
})
