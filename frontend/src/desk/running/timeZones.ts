export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** All time zones that the browser knows, the present one and UTC among them. */
export function timeZones(present: string): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return [...new Set([present, ownTimeZone(), 'UTC', ...known])]
}
