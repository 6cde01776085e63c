import type { KeyedAllocation } from './idempotency'
import { forget, store, stored, storedAllocation } from './tabStorage'

const VERSION = 1

/**
 * The submission of this tab that has no response yet, with its idempotency key. When the response is lost and the page
 * is loaded again, the next try must use the same key: with a new one, the same answer would count twice.
 */
export function storedPending(budget: string, keys: readonly string[]): KeyedAllocation | undefined {
  const { version, key, allocation } = stored(nameFor(budget)) ?? {}
  const shares = storedAllocation(allocation, keys)
  return version === VERSION && typeof key === 'string' && shares ? { key, allocation: shares } : undefined
}

export function storePending(budget: string, { key, allocation }: KeyedAllocation): void {
  store(nameFor(budget), { version: VERSION, key, allocation })
}

export function forgetPending(budget: string): void {
  forget(nameFor(budget))
}

function nameFor(budget: string): string {
  return `taxbudget:pending:${budget}`
}
