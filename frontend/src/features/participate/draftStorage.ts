import { draftOf, type Draft } from './draft'
import { forget, store, stored, storedAllocation } from './tabStorage'

const VERSION = 1

export function storedDraft(budget: string, keys: readonly string[]): Draft | undefined {
  const { version, allocation, locked } = stored(nameFor(budget)) ?? {}
  const shares = storedAllocation(allocation, keys)
  if (version !== VERSION || !shares) return undefined
  return draftOf(
    shares,
    keys.filter((key) => Array.isArray(locked) && locked.includes(key)),
  )
}

export function storeDraft(budget: string, { allocation, locked }: Draft): void {
  store(nameFor(budget), { version: VERSION, allocation, locked })
}

export function forgetDraft(budget: string): void {
  forget(nameFor(budget))
}

function nameFor(budget: string): string {
  return `taxbudget:draft:${budget}`
}
