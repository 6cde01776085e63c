import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFormat } from '../../texts/format'
import { LANGUAGES } from '../../texts/languages'
import { pathName } from '../editor/pathName'
import { testDraft } from '../editor/testDraft'
import { loadDeskTexts } from '../texts/deskLanguages'
import { ruleText } from './useProblemWords'

const SERVER = join(import.meta.dirname, '../../../../src')
const textsIn = (code: (typeof LANGUAGES)[number]) => loadDeskTexts(code, createFormat(code))

/** The rules that the server names in a file: their names are the only words in capitals there. */
function rulesIn(file: string): string[] {
  const source = readFileSync(join(SERVER, file), 'utf8').split('#[cfg(test)]')[0] ?? ''
  return [...source.matchAll(/"([A-Z][A-Z_]+)"/g)].map(([, rule]) => rule ?? '')
}

describe('what the server refuses', () => {
  it('has a text for each rule of a budget, an account and an exclusion', async () => {
    const rules = new Set(
      [
        'domain/budget_draft/check.rs',
        'domain/account.rs',
        'domain/exclusion.rs',
        'service/desk/accounts.rs',
        'service/desk/budgets.rs',
        'service/desk/schedule.rs',
      ].flatMap(rulesIn),
    )
    expect(rules.size).toBeGreaterThan(25)
    const { problems } = await textsIn('en')
    const known = Object.keys(problems.rules).map((name) => name.slice(name.indexOf('.') + 1))
    // These are mistakes of a program, not of a person.
    expect([...rules].filter((rule) => !known.includes(rule)).sort()).toEqual(['PATCH', 'UNKNOWN'])
  })

  it.each(LANGUAGES)('is said in the language of the page: %s', async (code) => {
    const texts = await textsIn(code)
    const said = (path: string, rule: string) => ruleText(texts, { path, rule, message: 'In English.' })
    expect(said('categories[2].label', 'REQUIRED')).toBe(texts.problems.rules.REQUIRED)
    expect(said('name', 'TAKEN')).toBe(texts.problems.rules['name.TAKEN'])
    expect(said('file', 'FILE')).toContain('In English.')
    expect(said('file', 'OF_TOMORROW')).toBe('In English.')
  })
})

it('a place in a budget has the name that people see', async () => {
  const texts = await textsIn('de')
  const name = (path: string) => pathName(texts, testDraft(), path.split('.'), 'de')
  expect(name('categories[1].description')).toBe('Roads, Was dazugehört')
  expect(name('categories[7].label')).toBe('Posten 8, Name')
  expect(name('translations.en.categories.schools.label')).toBe('Englisch, Schools, Name')
  expect(name('translations.en.description')).toBe('Englisch, Einleitung')
  expect(name('taxIllustration.taxes[0].brackets')).toBe('Steuerbeispiel als JSON')
  expect(name('categories')).toBe('Posten')
  expect(name('password')).toBeUndefined()
})
