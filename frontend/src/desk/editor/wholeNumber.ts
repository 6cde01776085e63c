import { latinDigits } from '../../domain/digits'

const PLAIN = /^\d+$/
const GROUPED = /^\d{1,3}([\s.,'’٬]\d{3})+$/

/**
 * Reads a number without decimals, with or without marks between the thousands. Empty is null. A mark elsewhere is one of
 * decimals: 1.5 must not become 15.
 */
export function readWholeNumber(text: string): number | null | undefined {
  const written = latinDigits(text).trim()
  if (written === '') return null
  if (!PLAIN.test(written) && !GROUPED.test(written)) return undefined
  const number = Number(written.replace(/\D/g, ''))
  return Number.isSafeInteger(number) ? number : undefined
}
