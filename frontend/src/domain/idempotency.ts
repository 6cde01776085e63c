import { sameAllocation, type Allocation } from './allocation'

/**
 * Hands out the idempotency key of an allocation: the same allocation keeps its key, so that sending it again after a
 * lost answer (or by a second click) returns the first submission; another allocation gets a new one.
 */
export class IdempotencyKeys {
  #last: { allocation: Allocation; key: string } | undefined

  keyFor(allocation: Allocation): string {
    if (!this.#last || !sameAllocation(this.#last.allocation, allocation)) {
      this.#last = { allocation, key: randomKey() }
    }
    return this.#last.key
  }

  /** The next allocation is another person's, even where it is the same. */
  forget(): void {
    this.#last = undefined
  }
}

/** `crypto.randomUUID` is missing on plain-http addresses other than localhost; `getRandomValues` is not. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
