import { expect, it } from 'vitest'
import { budgetPath, budgetResultsPath, projectorPath, withBudgetInPath } from './addresses'

it('a budget has an address for taking part, for its results and for a hall', () => {
  expect(budgetPath('town')).toBe('/b/town')
  expect(budgetResultsPath('town')).toBe('/b/town/results')
  expect(projectorPath('a/b')).toBe('/b/a%2Fb/projector')
})

it('an address of the old form keeps its language and its code in the new one', () => {
  const code = '#code=923JV-RP328-CDYC4'
  expect(withBudgetInPath('/b/town', '?budget=town', code)).toBe(`/b/town${code}`)
  expect(withBudgetInPath('/b/town/results', '?lang=de&budget=town', '')).toBe('/b/town/results?lang=de')
})
