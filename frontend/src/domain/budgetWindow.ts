export interface BudgetWindow {
  readonly status: 'DRAFT' | 'OPEN' | 'CLOSED'
  /** Instants as the server writes them (RFC 3339); null where there is no such limit. */
  readonly opensAt: string | null
  readonly closesAt: string | null
}

export type Phase = 'not-yet' | 'open' | 'over'

/** Half open, as the server has it: it opens at `opensAt` and no longer counts at `closesAt`. */
export function phaseOf({ status, opensAt, closesAt }: BudgetWindow, now: Date): Phase {
  if (status === 'CLOSED' || (closesAt !== null && Date.parse(closesAt) <= now.getTime())) return 'over'
  if (status === 'DRAFT' || (opensAt !== null && now.getTime() < Date.parse(opensAt))) return 'not-yet'
  return 'open'
}

export function isOpen(window: BudgetWindow, now: Date): boolean {
  return phaseOf(window, now) === 'open'
}

/** The next moment at which the phase changes by itself, in milliseconds from now; undefined when none is known. */
export function nextChange({ status, opensAt, closesAt }: BudgetWindow, now: Date): number | undefined {
  if (status !== 'OPEN') return undefined
  const waits = [opensAt, closesAt]
    .flatMap((instant) => (instant === null ? [] : [Date.parse(instant) - now.getTime()]))
    .filter((wait) => wait > 0)
  return waits.length === 0 ? undefined : Math.min(...waits)
}
