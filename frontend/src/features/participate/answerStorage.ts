import type { Allocation } from '../../domain/allocation'
import { forget, store, stored, storedAllocation } from './tabStorage'

const VERSION = 1

/** The submission of this tab without a cookie. After a reload nothing else would tell that there was one. */
export interface TabAnswer {
  readonly id: string
  readonly allocation: Allocation
}

export function storedAnswer(budget: string, keys: readonly string[]): TabAnswer | undefined {
  const { version, id, allocation } = stored(nameFor(budget)) ?? {}
  const shares = storedAllocation(allocation, keys)
  return version === VERSION && typeof id === 'string' && shares ? { id, allocation: shares } : undefined
}

export function storeAnswer(budget: string, { id, allocation }: TabAnswer): void {
  store(nameFor(budget), { version: VERSION, id, allocation })
}

export function forgetAnswer(budget: string): void {
  forget(nameFor(budget))
}

function nameFor(budget: string): string {
  return `taxbudget:answer:${budget}`
}
