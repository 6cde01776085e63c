/** A moment as the value of a `datetime-local` field, by the clock of a time zone. */
export function localTime(instant: string | null, timeZone: string): string {
  if (instant === null) return ''
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(new Date(instant))
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** All time zones that the browser knows, the present one and UTC among them. */
export function timeZones(present: string): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return [...new Set([present, ownTimeZone(), 'UTC', ...known])]
}
