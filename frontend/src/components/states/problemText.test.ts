import { describe, expect, it } from 'vitest'
import type { Problem } from '../../graphql/problem'
import { english } from '../../testing/english'
import { problemText } from './problemText'

function textOf(problem: Partial<Problem>, now: Date): string {
  const whole: Problem = {
    code: 'UNKNOWN',
    message: 'as the server says it',
    violations: [],
    retryAfterSeconds: undefined,
    mayRetry: false,
    ...problem,
  }
  return problemText(english.texts, english.format, whole, now).text
}

describe('the text of a problem', () => {
  it('is what the server says where this page does not know the code', () => {
    expect(textOf({}, new Date())).toBe('as the server says it')
  })

  it('says when to come back after too many submissions', () => {
    const now = new Date(2026, 0, 1, 14, 5)
    expect(textOf({ code: 'RATE_LIMITED', retryAfterSeconds: 600 }, now)).toBe(
      'You can try again in 10 minutes, at 14:15.',
    )
  })
})
