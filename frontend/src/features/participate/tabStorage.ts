import type { Allocation } from '../../domain/allocation'
import { clampShare } from '../../domain/share'

/**
 * Access to the tab's sessionStorage: it survives a reload, and on a shared computer it ends with the tab. Storage may be
 * blocked or full; then nothing survives a reload, and everything else works.
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
    // Blocked or full.
  }
}

export function forget(name: string): void {
  try {
    sessionStorage.removeItem(name)
  } catch {
    // Blocked or full.
  }
}

/** Forgets everything of one budget, or of all. */
export function forgetAll(budget?: string): void {
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith('taxbudget:') && (budget === undefined || name.endsWith(`:${budget}`))) forget(name)
    }
  } catch {
    // Blocked.
  }
}

/** Reads a stored allocation. It is discarded unless it has exactly valid shares of these categories. */
export function storedAllocation(value: unknown, keys: readonly string[]): Allocation | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const shares = keys.map((key) => [key, (value as Record<string, unknown>)[key]] as const)
  const all = shares.every(([, share]) => Number.isInteger(share) && clampShare(Number(share)) === share)
  return all ? Object.fromEntries(shares.map(([key, share]) => [key, Number(share)])) : undefined
}
