import { ONE_PERCENT, WHOLE, type BasisPoints } from '../domain/share'

export type Format = ReturnType<typeof createFormat>

/** How numbers, money and times are written in one locale. */
export function createFormat(locale: string) {
  const shortPercent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 })
  const columnPercent = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 2 })
  const number = new Intl.NumberFormat(locale)
  const field = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, useGrouping: false })
  const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const smallPoints = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const pointsPlural = new Intl.PluralRules(locale, { maximumFractionDigits: 1 })
  const signedPoints = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, signDisplay: 'exceptZero' })
  const plural = new Intl.PluralRules(locale)
  const clockTime = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' })
  const hourAndMinute = new Intl.DateTimeFormat(locale, { timeStyle: 'short', hourCycle: 'h23' })
  const dayAndTime = new Intl.DateTimeFormat(locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    hourCycle: 'h23',
  })

  return {
    locale,

    /** 12.5% in a sentence. */
    percent: (share: BasisPoints) => shortPercent.format(share / WHOLE),

    /** 12.50% in a column, with aligned decimal points. */
    percentColumn: (share: BasisPoints) => columnPercent.format(share / WHOLE),

    /** 12.5 as the text of a field, with the digits and the decimal sign of the locale. */
    field: (share: BasisPoints) => field.format(share / ONE_PERCENT),

    /** 6.2: a difference of two shares in percentage points. Small ones have two decimals, because 0.03 is not 0.0. */
    points: (share: BasisPoints) => (Math.abs(share) < 10 ? smallPoints : points).format(share / ONE_PERCENT),

    /** The plural form for points, by the number as it is written: 0.98 is written 1. */
    pluralPoints: (
      share: BasisPoints,
      forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string },
    ) => forms[pointsPlural.select(share / ONE_PERCENT)] ?? forms.other,

    /** +6.20: the difference in a column, with its sign. */
    signedPoints: (share: BasisPoints) => signedPoints.format(share / ONE_PERCENT),

    count: (count: number) => number.format(count),

    /** The plural form for a number: `one` and `other` in English, up to six in Arabic. */
    plural: (count: number, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }) =>
      forms[plural.select(count)] ?? forms.other,

    /** 14:03:12 */
    clock: (instant: string) => clockTime.format(new Date(instant)),

    /** 14:03 */
    minute: (instant: Date) => hourAndMinute.format(instant),

    /** 40 seconds, 10 minutes. Rounded up, so that the wait is never too short. */
    duration: (seconds: number) => {
      const [amount, unit] = seconds < 90 ? [seconds, 'second'] : [seconds / 60, 'minute']
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(
        Math.ceil(amount),
      )
    },

    day: (instant: string) => dayAndTime.format(new Date(instant)),

    /** 7.01 trillion US dollars. */
    largeMoney: (amount: number, currency: string) =>
      new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        notation: 'compact',
        compactDisplay: 'long',
        currencyDisplay: 'name',
        maximumFractionDigits: 2,
      }).format(amount),

    /** $1.98T, where there is little room. */
    compactMoney: (amount: number, currency: string) =>
      withSymbol(
        new Intl.NumberFormat(locale, {
          style: 'currency',
          currency,
          notation: 'compact',
          currencyDisplay: 'narrowSymbol',
          maximumSignificantDigits: 3,
        }),
        amount,
      ),

    /** $1,234 in whole units. */
    money: (amount: number, currency: string) =>
      withSymbol(
        new Intl.NumberFormat(locale, {
          style: 'currency',
          currency,
          currencyDisplay: 'narrowSymbol',
          maximumFractionDigits: 0,
        }),
        amount,
      ),
  }
}

/** In right-to-left text, "US$" would be shown as "$US": a left-to-right mark keeps the sign beside its letters. */
function withSymbol(format: Intl.NumberFormat, amount: number): string {
  return format
    .formatToParts(amount)
    .map(({ type, value }) => (type === 'currency' ? value.replace(/(\p{L}\p{Sc})$/u, '$1\u200e') : value))
    .join('')
}
