import { expect, it } from 'vitest'
import {
  labelFor,
  PALETTE,
  slugOf,
  titleFor,
  withCategory,
  withCategoryAdded,
  withCategoryMoved,
  withKeyOfLabel,
  withOrder,
} from './draft'
import { contrasts, ENOUGH_CONTRAST } from './contrast'
import { keysAfterMove } from './keysAfterMove'
import { testDraft } from './testDraft'

const keys = (draft: ReturnType<typeof testDraft>) => draft.categories.map(({ key }) => key)

it('a new category has a key and a colour of its own, and gets its key from its label once', () => {
  const added = withCategoryAdded(testDraft(), 3)
  expect(added.categories[2]).toMatchObject({ key: 'category-3', label: '' })
  expect(new Set(added.categories.map(({ color }) => color)).size).toBe(3)
  const named = withKeyOfLabel(withCategory(added, 'category-3', { label: 'Müll & Straßen' }), 'category-3')
  expect(keys(named)).toEqual(['schools', 'roads', 'mull-strassen'])
  expect(withKeyOfLabel(withCategory(named, 'roads', { label: 'Streets' }), 'roads')).toMatchObject({
    categories: [{}, { key: 'roads', label: 'Streets' }, {}],
  })
})

it('a key that is taken stays as it is', () => {
  const added = withCategory(withCategoryAdded(testDraft(), 3), 'category-3', { label: 'Roads' })
  expect(keys(withKeyOfLabel(added, 'category-3'))).toEqual(['schools', 'roads', 'category-3'])
})

it('categories move by one and stay at the ends', () => {
  const moved = withCategoryMoved(testDraft(), 'roads', -1)
  expect(keys(moved)).toEqual(['roads', 'schools'])
  expect(keys(withCategoryMoved(moved, 'roads', -1))).toEqual(['roads', 'schools'])
})

it('an order that misses a category is not taken', () => {
  expect(keys(withOrder(testDraft(), ['roads', 'schools']))).toEqual(['roads', 'schools'])
  expect(keys(withOrder(testDraft(), ['roads']))).toEqual(['schools', 'roads'])
})

it.each([
  ['d', 'a', true, ['d', 'a', 'b', 'c']],
  ['a', 'c', false, ['b', 'c', 'a', 'd']],
  ['a', 'a', true, ['a', 'b', 'c', 'd']],
] as const)('dragging %s to %s (before: %s) gives %j', (moved, target, isBefore, expected) => {
  expect(keysAfterMove(['a', 'b', 'c', 'd'], [moved], target, isBefore)).toEqual(expected)
})

it.each([
  ['  How should Köln spend?', 'how-should-koln-spend'],
  ['العربية', ''],
  ['--a--', 'a'],
])('%j as an address is %j', (text, slug) => {
  expect(slugOf(text)).toBe(slug)
})

it('the colours that are offered can be seen on both pages', () => {
  const tooWeak = PALETTE.filter((color) => {
    const { light, dark } = contrasts(color)
    return light < ENOUGH_CONTRAST || dark < ENOUGH_CONTRAST
  })
  expect(tooWeak).toEqual([])
  expect(contrasts('#f8f3e8').light).toBe(1)
})

it('a title and a label are read in the language of the page, and untranslated ones in the language of the budget', () => {
  const draft = testDraft()
  expect([titleFor(draft, 'de-DE'), labelFor(draft, 'schools', 'de-DE')]).toEqual(['Wofür?', 'Schulen'])
  expect([titleFor(draft, 'fr-FR'), labelFor(draft, 'roads', 'de-DE')]).toEqual([draft.title, 'Roads'])
  expect(titleFor({ ...draft, translations: { de: { title: '' } } }, 'de-DE')).toBe(draft.title)
  expect(labelFor(draft, 'gone', 'en-US')).toBe('gone')
})
