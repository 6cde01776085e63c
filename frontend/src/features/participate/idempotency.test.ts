import { describe, expect, it } from 'vitest'
import { IdempotencyKeys } from './idempotency'

describe('idempotency keys', () => {
  it('stay the same for the same allocation, so that a retry is no second submission', () => {
    const keys = new IdempotencyKeys()
    expect(keys.keyFor({ a: 4000, b: 6000 })).toBe(keys.keyFor({ b: 6000, a: 4000 }))
  })

  it('change with the allocation', () => {
    const keys = new IdempotencyKeys()
    const first = keys.keyFor({ a: 4000, b: 6000 })
    expect(keys.keyFor({ a: 4001, b: 5999 })).not.toBe(first)
    expect(keys.keyFor({ a: 4000, b: 6000 })).not.toBe(first)
  })

  it('go on from the one that was kept, for its allocation alone', () => {
    const last = { allocation: { a: 4000, b: 6000 }, key: 'kept-from-before-the-reload' }
    expect(new IdempotencyKeys(last).keyFor({ a: 4000, b: 6000 })).toBe(last.key)
    expect(new IdempotencyKeys(last).keyFor({ a: 6000, b: 4000 })).not.toBe(last.key)
  })

  it('differ between visitors and fit the 8 to 64 characters that the server takes', () => {
    const key = new IdempotencyKeys().keyFor({ a: 10_000 })
    expect(key).toMatch(/^[0-9a-f]{32}$/)
    expect(new IdempotencyKeys().keyFor({ a: 10_000 })).not.toBe(key)
  })
})
