import type { Allocation } from '../../domain/allocation'
import { clampShare } from '../../domain/share'

/**
 * Reads and writes the tab's own storage: it outlives a reload, and on a shared computer nobody finds it later. Storage may
 * be forbidden or full; what is kept then lasts as long as the page.
 */
export function stored(name: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(name) ?? 'null')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

export function store(name: string, value: object): void {
  try {
    sessionStorage.setItem(name, JSON.stringify(value))
  } catch {
    // As above.
  }
}

export function forget(name: string): void {
  try {
    sessionStorage.removeItem(name)
  } catch {
    // As above.
  }
}

/** What was stored as an allocation of these lines; one of other lines is none. */
export function storedAllocation(value: unknown, keys: readonly string[]): Allocation | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const shares = keys.map((key) => [key, (value as Record<string, unknown>)[key]] as const)
  const all = shares.every(([, share]) => Number.isInteger(share) && clampShare(Number(share)) === share)
  return all ? Object.fromEntries(shares.map(([key, share]) => [key, Number(share)])) : undefined
}
