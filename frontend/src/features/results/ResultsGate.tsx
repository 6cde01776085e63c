import { useEffect, useEffectEvent, useState, type ReactNode } from 'react'
import { useClient } from 'urql'
import { PolledAggregate, type Snapshot } from '../../live/snapshot'
import type { ResultVisibility } from '../../gql/graphql'

interface Props {
  budget: string
  /** What came with the budget: null where this viewer may not see the results yet. */
  initial: Snapshot | null
  visibility: ResultVisibility
  /** Changes when the results may have become visible: the viewer has answered, or the budget has closed. */
  occasion: string
  /** Shown in the place of the results while they are hidden. */
  hidden: ReactNode
  children: (initial: Snapshot | null, onHidden: () => void) => ReactNode
}

/** Often enough for people who wait for the end of a budget that is closed by hand. */
const ASK_EVERY_MS = 15_000

/**
 * Shows the results where this viewer may see them. The server decides that. While it hides them, the page asks again from
 * time to time, so that they appear without a reload.
 */
export function ResultsGate({ budget, initial, visibility, occasion, hidden, children }: Props) {
  const client = useClient()
  const [snapshot, setSnapshot] = useState(initial)
  const [state, setState] = useState<'shown' | 'hidden' | 'taken-away'>(
    initial === null && visibility !== 'ALWAYS' ? 'hidden' : 'shown',
  )

  const ask = useEffectEvent(() => {
    if (document.hidden) return
    void client
      .query(PolledAggregate, { budget })
      .toPromise()
      .then(({ data }) => {
        const aggregate = data?.budget?.aggregate
        if (!aggregate) return
        setSnapshot(aggregate)
        setState('shown')
      })
  })

  useEffect(() => {
    if (state === 'shown') return
    // Results that a subscription took away are not asked for at once: if the two disagree, that would not end.
    if (state === 'hidden') ask()
    const timer = setInterval(() => {
      ask()
    }, ASK_EVERY_MS)
    return () => {
      clearInterval(timer)
    }
  }, [state, occasion])

  if (state !== 'shown') return hidden
  return children(snapshot, () => {
    setState('taken-away')
  })
}
