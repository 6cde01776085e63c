import { expect, it } from 'vitest'
import { readWholeNumber } from './wholeNumber'

it.each([
  ['1,234,567', 1234567],
  ['1.234.567', 1234567],
  ['١٢٣', 123],
  ['42 000', 42000],
  ['', null],
  ['1.5', undefined],
  ['1,5', undefined],
  ['1234,567', undefined],
  ['-5', undefined],
  ['ten', undefined],
  ['99999999999999999999', undefined],
])('%j is read as %j', (text, number) => {
  expect(readWholeNumber(text)).toBe(number)
})
