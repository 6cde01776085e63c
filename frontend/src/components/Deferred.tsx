import { useDeferredValue, type ReactNode } from 'react'

/**
 * Renders its children after what is around them, in small steps between which the page answers: the chart of a budget, or its
 * form, takes a phone longer than a person waits for a key.
 */
export function Deferred({ children }: { children: ReactNode }) {
  const isTheirTurn = useDeferredValue(true, false)
  return isTheirTurn ? children : null
}
