import type { KeyboardEvent } from 'react'
import { ONE_PERCENT, type BasisPoints } from '../../domain/share'

const STEPS: Record<string, BasisPoints> = {
  ArrowUp: ONE_PERCENT,
  ArrowDown: -ONE_PERCENT,
  PageUp: 5 * ONE_PERCENT,
  PageDown: -5 * ONE_PERCENT,
}

const HORIZONTAL_STEPS: Record<string, BasisPoints> = {
  ArrowRight: ONE_PERCENT,
  ArrowLeft: -ONE_PERCENT,
}

/** In a text field the horizontal arrow keys move the cursor. On a slider they step, mirrored in right-to-left languages. */
export function stepOfKey(
  event: KeyboardEvent,
  { horizontal }: { horizontal: boolean },
): BasisPoints | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined
  const vertical = STEPS[event.key]
  if (vertical !== undefined || !horizontal) return vertical
  const sideways = HORIZONTAL_STEPS[event.key]
  if (sideways === undefined) return undefined
  return getComputedStyle(event.currentTarget).direction === 'rtl' ? -sideways : sideways
}
