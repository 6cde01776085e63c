import { useEffect, useState } from 'react'
import { nextChange, phaseOf, type BudgetWindow, type Phase } from '../domain/budgetWindow'
import { serverClock } from '../graphql/client'

/** What setTimeout can wait at most; a longer wait is taken in steps. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** Whether a budget takes submissions, noticed at the second in which that changes by the server's clock. */
export function usePhase({ status, opensAt, closesAt }: BudgetWindow): Phase {
  const [now, setNow] = useState(() => serverClock.now())

  useEffect(() => {
    const wait = nextChange({ status, opensAt, closesAt }, serverClock.now())
    if (wait === undefined) return
    const timer = setTimeout(
      () => {
        setNow(serverClock.now())
      },
      Math.min(wait + 50, LONGEST_WAIT_MS),
    )
    return () => {
      clearTimeout(timer)
    }
  }, [status, opensAt, closesAt, now])

  return phaseOf({ status, opensAt, closesAt }, now)
}
