export interface Versioned {
  readonly version: number
  readonly asOf: string
}

/**
 * Whether `next` is from before `shown`. After an older database was restored the version starts again lower, but the
 * time goes on: a lower version alone is therefore not yet old. Equal ones are not old: they may carry a new `stale`.
 */
export function isOlder(next: Versioned, shown: Versioned): boolean {
  const age = Date.parse(next.asOf) - Date.parse(shown.asOf)
  const steps = next.version - shown.version
  return (steps < 0 && age <= 0) || (steps === 0 && age < 0)
}

/** What to show after `next` has come in. */
export function newest<T extends Versioned>(shown: T | undefined, next: T): T {
  return shown && isOlder(next, shown) ? shown : next
}
