import { sameAllocation, type Allocation } from '../../domain/allocation'

/** An allocation with its idempotency key. */
export interface KeyedAllocation {
  readonly allocation: Allocation
  readonly key: string
}

/**
 * Hands out the idempotency key of an allocation. The same allocation keeps its key: when it is submitted again after a
 * lost response, or by a second click, the server returns the first submission. Another allocation gets a new key.
 */
export class IdempotencyKeys {
  #last: KeyedAllocation | undefined

  constructor(last?: KeyedAllocation) {
    this.#last = last
  }

  keyFor(allocation: Allocation): string {
    if (!this.#last || !sameAllocation(this.#last.allocation, allocation)) {
      this.#last = { allocation, key: randomKey() }
    }
    return this.#last.key
  }

  /** The next allocation is another person's and needs a new key, even where it is the same. */
  forget(): void {
    this.#last = undefined
  }
}

/** `crypto.randomUUID` is missing on plain-http addresses other than localhost; `getRandomValues` is not. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
