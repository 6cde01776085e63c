export type JsonObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Compares JSON values. The order of an object's fields means nothing, and a missing field is undefined. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, index) => isEqual(value, b[index]))
  if (isObject(a) && isObject(b)) return keysOf(a, b).every((key) => isEqual(a[key], b[key]))
  return a === b
}

/** The fields of several objects, each once. */
export function keysOf(...objects: JsonObject[]): string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object)))]
}

/** The merge patch (RFC 7396) that makes `after` of `before`: null removes a field, and lists are sent whole. */
export function mergePatch(before: JsonObject, after: JsonObject): JsonObject {
  const patch: Record<string, unknown> = {}
  for (const key of keysOf(before, after)) {
    const [old, now] = [before[key], after[key]]
    if (isEqual(old, now)) continue
    patch[key] = isObject(old) && isObject(now) ? mergePatch(old, now) : (now ?? null)
  }
  return patch
}
