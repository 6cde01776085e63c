import { WHOLE, type BasisPoints } from '../domain/share'

const LOCALE = 'en'

const shortPercent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 2 })
const columnPercent = new Intl.NumberFormat(LOCALE, { style: 'percent', minimumFractionDigits: 2 })
const plainNumber = new Intl.NumberFormat(LOCALE)
const clockTime = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium', hourCycle: 'h23' })
const hourAndMinute = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'short', hourCycle: 'h23' })
const dayAndTime = new Intl.DateTimeFormat(LOCALE, {
  dateStyle: 'long',
  timeStyle: 'short',
  hourCycle: 'h23',
})

/** 12.5% in a sentence. */
export function percentText(share: BasisPoints): string {
  return shortPercent.format(share / WHOLE)
}

/** 12.50% in a column, so that the points stand below each other. */
export function percentColumn(share: BasisPoints): string {
  return columnPercent.format(share / WHOLE)
}

export function countText(count: number): string {
  return plainNumber.format(count)
}

export function clockText(instant: string): string {
  return clockTime.format(new Date(instant))
}

export function minuteText(instant: Date): string {
  return hourAndMinute.format(instant)
}

export function dayText(instant: string): string {
  return dayAndTime.format(new Date(instant))
}

export function moneyText(amount: number, currency: string): string {
  return new Intl.NumberFormat(LOCALE, {
    style: 'currency',
    currency,
    notation: 'compact',
    compactDisplay: 'long',
    currencyDisplay: 'name',
    maximumFractionDigits: 2,
  }).format(amount)
}
