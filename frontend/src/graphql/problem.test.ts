import { CombinedError } from '@urql/core'
import { describe, expect, it } from 'vitest'
import { english } from '../testing/english'
import { problemText } from '../texts/problemText'
import { problemOf } from './problem'

function refusal(extensions: Record<string, unknown>) {
  return new CombinedError({ graphQLErrors: [{ message: 'as the server says it', extensions }] })
}

describe('a problem', () => {
  it('without any answer may be tried again', () => {
    const problem = problemOf(new CombinedError({ networkError: new Error('Failed to fetch') }))
    expect(problem).toMatchObject({ code: 'NO_ANSWER', mayRetry: true })
  })

  it.each([
    ['UNAVAILABLE', true],
    ['OVERLOADED', true],
    ['BUDGET_NOT_OPEN', false],
    ['BAD_USER_INPUT', false],
  ])('%s may be tried again: %s', (code, mayRetry) => {
    expect(problemOf(refusal({ code }))).toMatchObject({ code, mayRetry })
  })

  it('keeps the violations that say something', () => {
    const violation = { path: 'shares', rule: 'sum', message: 'Shares add up to 99.' }
    expect(
      problemOf(refusal({ code: 'BAD_USER_INPUT', violations: [violation, null, 3] })).violations,
    ).toEqual([violation])
  })

  it('of a code that this page does not know shows what the server says', () => {
    const problem = problemOf(refusal({ code: 'SOMETHING_NEW' }))
    expect(problem.code).toBe('UNKNOWN')
    expect(problemText(english.texts, english.format, problem, new Date()).text).toBe('as the server says it')
  })

  it('says when to come back after too many submissions', () => {
    const problem = problemOf(refusal({ code: 'RATE_LIMITED', retryAfterSeconds: 600 }))
    const now = new Date(2026, 0, 1, 14, 5)
    expect(problemText(english.texts, english.format, problem, now).text).toBe(
      'You can try again in 10 minutes, at 14:15.',
    )
  })
})
