/** A category in `/api/budgets/{slug}/aggregate.json`. */
export interface AggregateLine {
  readonly key: string
  readonly label: string
  readonly averagePercent: number
  readonly medianPercent: number
  readonly lowerQuartilePercent: number
  readonly upperQuartilePercent: number
  readonly standardDeviation: number
  readonly zeroCount: number
  readonly actualPercent: number | null
}

const COLUMNS = [
  'key',
  'label',
  'average_percent',
  'median_percent',
  'lower_quartile_percent',
  'upper_quartile_percent',
  'standard_deviation',
  'zero_count',
  'actual_percent',
]

/** Tells a spreadsheet program that the file is UTF-8. Without it, programs read "Köln" in the system's old character set. */
const BYTE_ORDER_MARK = '\ufeff'

/**
 * The server's CSV in the form that a spreadsheet program of this locale opens by a double click: with a decimal comma, the
 * fields are separated by semicolons.
 */
export function spreadsheetOf(lines: readonly AggregateLine[], locale: string): string {
  const comma = decimalSign(locale) === ','
  const separator = comma ? ';' : ','
  const decimal = (percent: number) => (comma ? percent.toFixed(2).replace('.', ',') : percent.toFixed(2))
  const rows = lines.map((line) => [
    line.key,
    line.label,
    decimal(line.averagePercent),
    decimal(line.medianPercent),
    decimal(line.lowerQuartilePercent),
    decimal(line.upperQuartilePercent),
    decimal(line.standardDeviation),
    String(line.zeroCount),
    line.actualPercent === null ? '' : decimal(line.actualPercent),
  ])
  const text = [COLUMNS, ...rows].map(
    (row) => `${row.map((cell) => field(cell, separator)).join(separator)}\r\n`,
  )
  return BYTE_ORDER_MARK + text.join('')
}

/** Spreadsheet programs read Latin digits everywhere. */
function decimalSign(locale: string): string | undefined {
  const parts = new Intl.NumberFormat(locale, { numberingSystem: 'latn' }).formatToParts(1.5)
  return parts.find(({ type }) => type === 'decimal')?.value
}

/** A cell that a program would run as a formula becomes text, as in the server's own file. */
function field(cell: string, separator: string): string {
  const guarded = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /["\r\n]/.test(guarded) || guarded.includes(separator)
    ? `"${guarded.replaceAll('"', '""')}"`
    : guarded
}
