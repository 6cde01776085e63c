import { CombinedError } from '@urql/core'
import { describe, expect, it } from 'vitest'
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

  it('of a code that this page does not know keeps what the server says', () => {
    expect(problemOf(refusal({ code: 'SOMETHING_NEW' }))).toMatchObject({
      code: 'UNKNOWN',
      message: 'as the server says it',
    })
  })
})
