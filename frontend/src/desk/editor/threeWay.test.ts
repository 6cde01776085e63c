import { expect, it } from 'vitest'
import { withCategory, withCategoryAdded, withCategoryMoved, withCategoryRemoved } from './draft'
import { testDraft } from './testDraft'
import { mergeDrafts, withValueAt } from './threeWay'

const base = testDraft()

it('keeps both when two people change different fields, also of one category', () => {
  const mine = withCategory({ ...base, title: 'Mine' }, 'schools', { label: 'My schools' })
  const theirs = withCategory({ ...base, currency: 'CHF' }, 'schools', { color: '#845cb2' })
  const { draft, conflicts } = mergeDrafts(base, mine, theirs)
  expect(conflicts).toEqual([])
  expect(draft).toMatchObject({ title: 'Mine', currency: 'CHF' })
  expect(draft.categories[0]).toMatchObject({ label: 'My schools', color: '#845cb2' })
})

it('has no conflict where both made the same change', () => {
  const changed = { ...base, title: 'Same' }
  expect(mergeDrafts(base, changed, { ...changed })).toEqual({ draft: changed, conflicts: [] })
})

it('names a field that both changed, with both values, and keeps mine until it is decided', () => {
  const mine = withCategory(base, 'roads', { label: 'Streets' })
  const theirs = withCategory(base, 'roads', { label: 'Ways' })
  const { draft, conflicts } = mergeDrafts(base, mine, theirs)
  expect(draft.categories[1]?.label).toBe('Streets')
  expect(conflicts).toEqual([{ path: ['categories', 'roads', 'label'], mine: 'Streets', theirs: 'Ways' }])
  expect(withValueAt(draft, ['categories', 'roads', 'label'], 'Ways')).toEqual(theirs)
})

it('is a conflict when one removes what the other changes, and both choices work', () => {
  const mine = withCategory(base, 'roads', { label: 'Streets' })
  const { draft, conflicts } = mergeDrafts(base, mine, withCategoryRemoved(base, 'roads'))
  expect(draft.categories.map(({ label }) => label)).toEqual(['Schools', 'Streets'])
  expect(conflicts.map(({ path }) => path)).toEqual([['categories', 'roads']])
  expect(withValueAt(draft, ['categories', 'roads'], undefined).categories).toHaveLength(1)
})

it('keeps the categories that both have added, and the order that one of them has made', () => {
  const mine = withCategoryMoved(base, 'roads', -1)
  const added = withCategoryAdded(base, 3)
  const { draft, conflicts } = mergeDrafts(base, mine, added)
  expect(conflicts).toEqual([])
  expect(draft.categories.map(({ key }) => key)).toEqual(['roads', 'category-3', 'schools'])
})

it('lets go what the other side has removed', () => {
  const theirs = withCategoryRemoved(base, 'schools')
  const { draft, conflicts } = mergeDrafts(base, { ...base, title: 'Mine' }, theirs)
  expect(conflicts).toEqual([])
  expect(draft.categories.map(({ key }) => key)).toEqual(['roads'])
  expect(draft.translations.de?.categories).toEqual({})
})
