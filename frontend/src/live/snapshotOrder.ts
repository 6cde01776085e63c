export interface Versioned {
  readonly version: number
  readonly asOf: string
}

/**
 * Whether `next` is older than `shown`. When an older database is restored, the version starts lower but the time goes on,
 * so a lower version alone does not make a snapshot older. An equal snapshot is not older: its `stale` may be new.
 */
export function isOlder(next: Versioned, shown: Versioned): boolean {
  const age = Date.parse(next.asOf) - Date.parse(shown.asOf)
  const steps = next.version - shown.version
  return (steps < 0 && age <= 0) || (steps === 0 && age < 0)
}

export function newest<T extends Versioned>(shown: T | undefined, next: T): T {
  return shown && isOlder(next, shown) ? shown : next
}
