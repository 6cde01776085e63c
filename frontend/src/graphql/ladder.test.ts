import { describe, expect, it } from 'vitest'
import { Ladder } from './ladder'

describe('of several ways', () => {
  it('one that never worked is left at once for the next', () => {
    const ladder = new Ladder(3)
    expect(ladder.failed()).toBe('at-once')
    expect(ladder.rung).toBe(1)
  })

  it('one that worked is tried again before the others are', () => {
    const ladder = new Ladder(3)
    ladder.delivered()
    expect([ladder.failed(), ladder.failed(), ladder.rung]).toEqual(['after-a-while', 'after-a-while', 0])
    expect([ladder.failed(), ladder.rung]).toEqual(['at-once', 1])
  })

  it('the first comes again after the last, with a pause', () => {
    const ladder = new Ladder(2)
    expect([ladder.failed(), ladder.failed(), ladder.rung]).toEqual(['at-once', 'after-a-while', 0])
  })

  it('a success makes the earlier failures forgotten', () => {
    const ladder = new Ladder(2)
    for (let round = 0; round < 10; round += 1) {
      ladder.delivered()
      ladder.failed()
      ladder.failed()
    }
    expect(ladder.rung).toBe(0)
  })

  it('the best is tried again when asked to', () => {
    const ladder = new Ladder(3)
    ladder.failed()
    ladder.climb()
    expect(ladder.rung).toBe(0)
  })
})
