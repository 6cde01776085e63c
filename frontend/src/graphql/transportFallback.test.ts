import { describe, expect, it } from 'vitest'
import { TransportFallback } from './transportFallback'

describe('of several transports', () => {
  it('one that never worked is given up at once for the next', () => {
    const fallback = new TransportFallback(3)
    expect(fallback.failed()).toBe('at-once')
    expect(fallback.index).toBe(1)
  })

  it('one that worked is tried again before the others are', () => {
    const fallback = new TransportFallback(3)
    fallback.succeeded()
    expect([fallback.failed(), fallback.failed(), fallback.index]).toEqual([
      'after-a-while',
      'after-a-while',
      0,
    ])
    expect([fallback.failed(), fallback.index]).toEqual(['at-once', 1])
  })

  it('the first comes again after the last, with a pause', () => {
    const fallback = new TransportFallback(2)
    expect([fallback.failed(), fallback.failed(), fallback.index]).toEqual(['at-once', 'after-a-while', 0])
  })

  it('a success makes the earlier failures forgotten', () => {
    const fallback = new TransportFallback(2)
    for (let round = 0; round < 10; round += 1) {
      fallback.succeeded()
      fallback.failed()
      fallback.failed()
    }
    expect(fallback.index).toBe(0)
  })

  it('the best is tried again when asked to', () => {
    const fallback = new TransportFallback(3)
    fallback.failed()
    fallback.reset()
    expect(fallback.index).toBe(0)
  })
})
