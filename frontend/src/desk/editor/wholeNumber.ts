import { latinDigits } from '../../domain/digits'

/** Reads a number without decimals, with or without marks between the thousands. Empty is null. */
export function readWholeNumber(text: string): number | null | undefined {
  const digits = latinDigits(text).replace(/[\s.,'’٬]/g, '')
  if (digits === '') return null
  const number = Number(digits)
  return /^\d+$/.test(digits) && Number.isSafeInteger(number) ? number : undefined
}
