/** The order after some keys were moved before or after another one. */
export function keysAfterMove(
  keys: readonly string[],
  moved: readonly string[],
  target: string,
  isBefore: boolean,
): string[] {
  if (moved.includes(target)) return [...keys]
  const rest = keys.filter((key) => !moved.includes(key))
  const at = rest.indexOf(target) + (isBefore ? 0 : 1)
  return rest.toSpliced(at, 0, ...keys.filter((key) => moved.includes(key)))
}
