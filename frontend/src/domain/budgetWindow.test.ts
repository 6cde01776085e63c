import { describe, expect, it } from 'vitest'
import { nextChange, phaseOf, type BudgetWindow } from './budgetWindow'

const now = new Date('2026-06-01T12:00:00Z')
const before = '2026-06-01T11:59:59Z'
const after = '2026-06-01T12:00:05Z'
const at = now.toISOString()

function budget(changes: Partial<BudgetWindow>): BudgetWindow {
  return { status: 'OPEN', isPaused: false, opensAt: null, closesAt: null, ...changes }
}

describe('a budget', () => {
  it.each([
    [budget({}), 'open'],
    [budget({ opensAt: at }), 'open'],
    [budget({ opensAt: after }), 'not-yet'],
    [budget({ opensAt: before, closesAt: after }), 'open'],
    [budget({ closesAt: at }), 'over'],
    [budget({ status: 'CLOSED', opensAt: after }), 'over'],
    [budget({ status: 'DRAFT' }), 'not-yet'],
    [budget({ isPaused: true, closesAt: after }), 'paused'],
    [budget({ isPaused: true, opensAt: after }), 'not-yet'],
    [budget({ isPaused: true, closesAt: at }), 'over'],
  ])('%j is %s', (window, phase) => {
    expect(phaseOf(window, now)).toBe(phase)
  })

  it('changes next when it opens, then when it closes, then never', () => {
    expect(nextChange(budget({ opensAt: after, closesAt: '2026-07-01T00:00:00Z' }), now)).toBe(5000)
    expect(nextChange(budget({ opensAt: before, closesAt: after }), now)).toBe(5000)
    expect(nextChange(budget({ closesAt: before }), now)).toBeUndefined()
    expect(nextChange(budget({ status: 'CLOSED', closesAt: after }), now)).toBeUndefined()
  })
})
