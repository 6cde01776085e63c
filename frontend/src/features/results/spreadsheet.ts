/** Tells a spreadsheet program that the file is UTF-8. Without it, programs read "Köln" in the system's old character set. */
const BYTE_ORDER_MARK = '\ufeff'

/** A cell of CSV (RFC 4180), quoted or plain, and what ends it. */
const CELL = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g

/**
 * The server's CSV in the form that a spreadsheet program of this locale opens by a double click: with a decimal comma, the
 * fields are separated by semicolons.
 */
export function spreadsheetOf(csv: string, locale: string): string {
  if (decimalSign(locale) !== ',') return BYTE_ORDER_MARK + csv
  const localised = csv.replaceAll(CELL, (_, cell: string, end: string) => {
    // A text that begins with a digit and has a letter somewhere is no number.
    const figure = /^\d+\.\d+$/.test(cell) ? cell.replace('.', ',') : cell
    const quoted = figure.includes(';') && !figure.startsWith('"') ? `"${figure}"` : figure
    return quoted + (end === ',' ? ';' : end)
  })
  return BYTE_ORDER_MARK + localised
}

/** Spreadsheet programs read Latin digits everywhere. */
function decimalSign(locale: string): string | undefined {
  const parts = new Intl.NumberFormat(locale, { numberingSystem: 'latn' }).formatToParts(1.5)
  return parts.find(({ type }) => type === 'decimal')?.value
}
