import { useEffect, useState } from 'react'
import { nextChange, phaseOf, type BudgetWindow, type Phase } from '../../domain/budgetWindow'
import { serverClock } from '../../graphql/client'

/** The longest delay that setTimeout takes; longer waits are split. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** The phase of a budget by the server's clock. The component renders again in the second in which the phase changes. */
export function usePhase({ status, isPaused, opensAt, closesAt }: BudgetWindow): Phase {
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

  return phaseOf({ status, isPaused, opensAt, closesAt }, now)
}
