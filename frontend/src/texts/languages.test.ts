import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseShare, WHOLE } from '../domain/share'
import { createFormat } from './format'
import {
  DEFAULT_LANGUAGE,
  directionOf,
  languageFor,
  LANGUAGES,
  loadLanguage,
  localeFor,
  nameOf,
} from './languages'

describe('the language of the page', () => {
  it.each([
    [['de-AT', 'en'], 'de'],
    [['xx', 'FR-ca'], 'fr'],
    [['', 'xx'], DEFAULT_LANGUAGE],
    [[], DEFAULT_LANGUAGE],
  ])('for a person who wants %j is %s', (wanted, code) => {
    expect(languageFor(wanted, ['en', 'de', 'fr'])).toBe(code)
  })

  it('writes numbers as the region does that speaks it', () => {
    expect(localeFor('de', ['en-GB', 'de-CH', 'de'])).toBe('de-CH')
    expect(localeFor('fr', ['en-GB'])).toBe('fr')
  })

  it.each(['en-US@posix', 'en_GB.UTF-8', 'en-', 'en-x', 'en-US-u'])(
    'is not written as %s, which is no language tag',
    (tag) => {
      expect(localeFor('en', [tag, 'en-AU'])).toBe('en-AU')
      createFormat(localeFor('en', [tag]))
    },
  )

  it('keeps what a tag adds to the language', () => {
    expect(localeFor('ar', ['ar-EG-u-nu-latn'])).toBe('ar-EG-u-nu-latn')
  })

  it('is called by its own name', () => {
    expect(['de', 'ar'].map(nameOf)).toEqual(['Deutsch', 'العربية'])
  })

  it('runs from right to left where it is written so', () => {
    expect(['en', 'ar'].map(directionOf)).toEqual(['ltr', 'rtl'])
  })
})

describe('a number', () => {
  it('is written as its language does', () => {
    expect(createFormat('de').percent(1250)).toBe('12,5\u00a0%')
    expect(createFormat('en').percentColumn(1250)).toBe('12.50%')
    expect(createFormat('de').field(1205)).toBe('12,05')
  })

  it.each(['en', 'de', 'fr', 'ar', 'ar-EG', 'fa'])('in a field comes back the same, in %s', (locale) => {
    const { field } = createFormat(locale)
    for (let share = 0; share <= WHOLE; share += 7) {
      expect(parseShare(field(share))).toEqual({ ok: true, share })
    }
  })

  it('of things takes the form that its language has for it', () => {
    const forms = { zero: 'z', one: 'o', two: 't', few: 'f', many: 'm', other: 'x' }
    const arabic = createFormat('ar')
    expect([0, 1, 2, 3, 11, 100].map((count) => arabic.plural(count, forms))).toEqual([
      'z',
      'o',
      't',
      'f',
      'm',
      'x',
    ])
    expect([1, 2].map((count) => createFormat('en').plural(count, { one: 'o', other: 'x' }))).toEqual([
      'o',
      'x',
    ])
  })

  it('of money keeps its sign beside the letters in right-to-left text', () => {
    const arabic = createFormat('ar')
    expect(arabic.compactMoney(2.1e12, 'USD')).toContain('US$\u200e')
    expect(arabic.money(1234, 'USD')).toContain('US$\u200e')
    expect(createFormat('en').money(1234, 'USD')).toBe('$1,234')
  })

  it('of seconds to wait is never rounded down', () => {
    expect([1, 89.2, 91].map(createFormat('en').duration)).toEqual(['1 second', '90 seconds', '2 minutes'])
  })
})

it('every language has the words that the server says', () => {
  const files = readdirSync(resolve(import.meta.dirname, '../../../locales'))
  expect(files.toSorted()).toEqual(LANGUAGES.map((code) => `${code}.json`).toSorted())
})

describe.each(LANGUAGES)('the texts in %s', (code) => {
  it('are all there, and none is empty', async () => {
    const leaves = leavesOf((await loadLanguage(code)).texts)
    expect(leaves.length).toBeGreaterThan(50)
    expect(leaves.filter((leaf) => leaf === '')).toEqual([])
  })
})

function leavesOf(texts: object): unknown[] {
  return Object.values(texts).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null ? leavesOf(value) : [value],
  )
}
