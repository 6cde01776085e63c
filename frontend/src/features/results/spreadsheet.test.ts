import { expect, it } from 'vitest'
import { spreadsheetOf } from './spreadsheet'

const HEAD = 'key,label,average_percent,zero_count,actual_percent'
const CSV = `${HEAD}\r\nroads,"Streets, bridges",12.50,3,\r\nrail,Rail; buses,0.00,14,60.10\r\n`

it('is the file of the server with a byte order mark where numbers have a point', () => {
  expect(spreadsheetOf(CSV, 'en-GB')).toBe(`\ufeff${CSV}`)
})

it.each(['de', 'fr', 'es'])('has decimal commas and semicolons for who reads numbers in %s', (locale) => {
  expect(spreadsheetOf(CSV, locale)).toBe(
    `\ufeff${HEAD.replaceAll(',', ';')}\r\nroads;"Streets, bridges";12,50;3;\r\nrail;"Rail; buses";0,00;14;60,10\r\n`,
  )
})

it('has Latin digits and points for who reads Arabic ones', () => {
  expect(spreadsheetOf(CSV, 'ar-EG')).toContain(',12.50,')
})

it.each(['"the ""old"", roads"', '"two\r\nlines"', "'=1+1", 'Version 1.5'])(
  'leaves the text %s as the server wrote it',
  (label) => {
    expect(spreadsheetOf(`${HEAD}\r\nroads,${label},1.50,0,\r\n`, 'de')).toContain(`;${label};1,50;`)
  },
)
