// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { InEnglish } from '../../testing/english'
import { HowItWorks, type BudgetRules } from './HowItWorks'

afterEach(cleanup)

function rulesOf(rules: Partial<BudgetRules>) {
  const budget: BudgetRules = {
    participation: 'OPEN',
    publishEvery: 10,
    retentionDays: 30,
    closesAt: null,
    submissionsPerParticipant: null,
    ...rules,
  }
  render(<HowItWorks budget={budget} />, { wrapper: InEnglish })
  return screen.getByRole('region', { name: 'How this works' }).textContent
}

it('a deletion after a closing that has no date is told as such', () => {
  expect(rulesOf({})).toContain('No closing date is set yet.')
  cleanup()
  expect(rulesOf({ closesAt: '2030-01-01T00:00:00Z' })).not.toContain('No closing date')
})

it('erased answers are said to stay in the averages until enough of them leave', () => {
  expect(rulesOf({})).toContain(
    'only when at least 10 such answers leave together; after the closing at least 3.',
  )
  cleanup()
  expect(rulesOf({ publishEvery: 1 })).not.toContain('leave together')
})
