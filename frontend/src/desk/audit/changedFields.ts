import { isEqual, isObject, keysOf } from '../editor/json'

export interface ChangedField {
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** The fields in which two JSON values differ. Lists of the same length are compared item by item. */
export function changedFields(before: unknown, after: unknown, path = ''): ChangedField[] {
  if (isEqual(before ?? null, after ?? null)) return []
  const below = (name: string) => (path === '' ? name : `${path}.${name}`)
  if (isObject(before) && isObject(after))
    return keysOf(before, after).flatMap((key) => changedFields(before[key], after[key], below(key)))
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((value: unknown, index) => changedFields(value, after[index], below(String(index))))
  return [{ path, before, after }]
}
