import { expect, it } from 'vitest'
import { spreadsheetOf, type AggregateLine } from './spreadsheet'

const line: AggregateLine = {
  key: 'roads',
  label: 'Straßen; Brücken, Wege',
  averagePercent: 12.5,
  medianPercent: 10,
  lowerQuartilePercent: 5.25,
  upperQuartilePercent: 20,
  standardDeviation: 7.07,
  zeroCount: 3,
  actualPercent: null,
}
const HEAD =
  'key,label,average_percent,median_percent,lower_quartile_percent,upper_quartile_percent,standard_deviation,zero_count,actual_percent'

it('begins with a byte order mark, and has one line a category', () => {
  expect(spreadsheetOf([{ ...line, actualPercent: 60.1 }], 'en-GB')).toBe(
    `\ufeff${HEAD}\r\nroads,"Straßen; Brücken, Wege",12.50,10.00,5.25,20.00,7.07,3,60.10\r\n`,
  )
})

it.each(['de', 'fr', 'es'])('has decimal commas and semicolons for who reads numbers in %s', (locale) => {
  expect(spreadsheetOf([line], locale)).toBe(
    `\ufeff${HEAD.replaceAll(',', ';')}\r\nroads;"Straßen; Brücken, Wege";12,50;10,00;5,25;20,00;7,07;3;\r\n`,
  )
})

it('has Latin digits and points for who reads Arabic ones', () => {
  expect(spreadsheetOf([line], 'ar-EG')).toContain(',12.50,')
})

it.each(['=1+1', '+1', '-1', '@x'])('makes text of %s, which a spreadsheet would compute', (label) => {
  expect(spreadsheetOf([{ ...line, label }], 'en')).toContain(`,'${label},`)
})

it('doubles quotes', () => {
  expect(spreadsheetOf([{ ...line, label: 'the "old" roads' }], 'en')).toContain(',"the ""old"" roads",')
})
