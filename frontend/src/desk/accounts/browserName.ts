// Each browser also names those that it wants to be taken for, so the order matters.
const BROWSERS = [
  ['Edg', 'Edge'],
  ['OPR', 'Opera'],
  ['Firefox', 'Firefox'],
  ['FxiOS', 'Firefox'],
  ['Chrome', 'Chrome'],
  ['CriOS', 'Chrome'],
  ['Safari', 'Safari'],
] as const
const SYSTEMS = [
  ['Windows', 'Windows'],
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
] as const

/** "Firefox, Windows" for a User-Agent header. One that is not known is shown as it is. */
export function browserName(userAgent: string): string {
  const find = (names: typeof BROWSERS | typeof SYSTEMS) =>
    names.find(([part]) => userAgent.includes(part))?.[1]
  const found = [find(BROWSERS), find(SYSTEMS)].filter((name) => name !== undefined)
  return found.length > 0 ? found.join(', ') : userAgent
}
