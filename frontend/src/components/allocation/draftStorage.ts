import { draftOf, type Draft } from '../../domain/draft'
import { clampShare } from '../../domain/share'

const VERSION = 1

interface Stored {
  readonly version: number
  readonly allocation: Readonly<Record<string, unknown>>
  readonly locked: readonly unknown[]
}

/**
 * The draft as it stood before a reload. Kept in the tab's own storage: it outlives a reload, and on a shared computer
 * nobody finds it later.
 */
export function storedDraft(budget: string, keys: readonly string[]): Draft | undefined {
  try {
    const stored = JSON.parse(sessionStorage.getItem(nameFor(budget)) ?? 'null') as Stored | null
    if (stored?.version !== VERSION) return undefined
    const shares = keys.map((key) => [key, stored.allocation[key]] as const)
    // A draft for other lines than the budget's is none.
    if (!shares.every(([, share]) => Number.isInteger(share) && clampShare(Number(share)) === share))
      return undefined
    return draftOf(
      Object.fromEntries(shares.map(([key, share]) => [key, Number(share)])),
      keys.filter((key) => stored.locked.includes(key)),
    )
  } catch {
    return undefined
  }
}

export function storeDraft(budget: string, { allocation, locked }: Draft): void {
  try {
    const stored: Stored = { version: VERSION, allocation, locked }
    sessionStorage.setItem(nameFor(budget), JSON.stringify(stored))
  } catch {
    // Storage may be forbidden or full; the draft then lasts as long as the page.
  }
}

export function forgetDraft(budget: string): void {
  try {
    sessionStorage.removeItem(nameFor(budget))
  } catch {
    // As above.
  }
}

function nameFor(budget: string): string {
  return `taxbudget:draft:${budget}`
}
