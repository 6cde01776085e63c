export interface BudgetWindow {
  readonly status: 'DRAFT' | 'OPEN' | 'CLOSED'
  /** Takes no submissions for a while. */
  readonly isPaused: boolean
  /** RFC 3339, as the server sends them; null without such a limit. */
  readonly opensAt: string | null
  readonly closesAt: string | null
}

export type Phase = 'not-yet' | 'open' | 'paused' | 'over'

/** The window is half open, as on the server: a submission at `opensAt` counts, one at `closesAt` does not. */
export function phaseOf({ status, isPaused, opensAt, closesAt }: BudgetWindow, now: Date): Phase {
  if (status === 'CLOSED' || (closesAt !== null && Date.parse(closesAt) <= now.getTime())) return 'over'
  if (status === 'DRAFT' || (opensAt !== null && now.getTime() < Date.parse(opensAt))) return 'not-yet'
  return isPaused ? 'paused' : 'open'
}

export function isOpen(window: BudgetWindow, now: Date): boolean {
  return phaseOf(window, now) === 'open'
}

/** Milliseconds until the phase changes by itself; undefined when no change is known. */
export function nextChange(
  { status, opensAt, closesAt }: Omit<BudgetWindow, 'isPaused'>,
  now: Date,
): number | undefined {
  if (status !== 'OPEN') return undefined
  const waits = [opensAt, closesAt]
    .flatMap((instant) => (instant === null ? [] : [Date.parse(instant) - now.getTime()]))
    .filter((wait) => wait > 0)
  return waits.length === 0 ? undefined : Math.min(...waits)
}
