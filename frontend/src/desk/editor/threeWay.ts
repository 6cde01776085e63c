import type { Draft, DraftCategory } from './draft'
import { isEqual, isObject, keysOf, type JsonObject } from './json'

/** A field that two organisers have changed to different values. */
export interface Conflict {
  /** Names of fields; a category is named by its key. */
  readonly path: readonly string[]
  readonly mine: unknown
  readonly theirs: unknown
}

export interface Merged {
  /** Has both changes, and mine where they conflict. */
  readonly draft: Draft
  readonly conflicts: readonly Conflict[]
}

/** Categories are compared by key, so that two people can change two of them, or one its label and one its colour. */
interface Tree extends JsonObject {
  readonly categories: Readonly<Record<string, DraftCategory>>
}

/** Brings together what two organisers made of the same draft. */
export function mergeDrafts(base: Draft, mine: Draft, theirs: Draft): Merged {
  const conflicts: Conflict[] = []
  const tree = mergeObjects(treeOf(base), treeOf(mine), treeOf(theirs), [], conflicts) as Tree
  const order = mergeOrders(keysIn(base), keysIn(mine), keysIn(theirs))
  return { draft: draftOfTree(tree, order), conflicts }
}

/** Sets the value at the path of a conflict. */
export function withValueAt(draft: Draft, path: readonly string[], value: unknown): Draft {
  const tree = setAt(treeOf(draft), path, value) as Tree
  return draftOfTree(tree, [...keysIn(draft), ...Object.keys(tree.categories)])
}

function treeOf(draft: Draft): Tree {
  return { ...draft, categories: Object.fromEntries(draft.categories.map((one) => [one.key, one])) }
}

function draftOfTree(tree: Tree, order: readonly string[]): Draft {
  const keys = [...new Set([...order, ...Object.keys(tree.categories)])]
  return { ...tree, categories: keys.flatMap((key) => tree.categories[key] ?? []) } as unknown as Draft
}

function keysIn(draft: Draft): string[] {
  return draft.categories.map(({ key }) => key)
}

function mergeObjects(
  base: JsonObject,
  mine: JsonObject,
  theirs: JsonObject,
  path: readonly string[],
  conflicts: Conflict[],
): JsonObject {
  const merged: Record<string, unknown> = {}
  for (const key of keysOf(mine, theirs)) {
    const value = mergeValues(base[key], mine[key], theirs[key], [...path, key], conflicts)
    if (value !== undefined) merged[key] = value
  }
  return merged
}

function mergeValues(
  base: unknown,
  mine: unknown,
  theirs: unknown,
  path: readonly string[],
  conflicts: Conflict[],
): unknown {
  if (isEqual(mine, base)) return theirs
  if (isEqual(theirs, base) || isEqual(mine, theirs)) return mine
  // Two people may add the same translation, so an object that was not there before is merged field by field too.
  if (isObject(mine) && isObject(theirs) && (isObject(base) || base === undefined))
    return mergeObjects(base ?? {}, mine, theirs, path, conflicts)
  conflicts.push({ path, mine, theirs })
  return mine
}

/** My order if I have changed it, else theirs. What only the other side has added comes after its neighbour there. */
function mergeOrders(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const isKept = (key: string) => mine.includes(key) && theirs.includes(key) && base.includes(key)
  const iMoved = !isEqual(base.filter(isKept), mine.filter(isKept))
  const [leading, other] = iMoved ? [mine, theirs] : [theirs, mine]
  const order = [...leading]
  other.forEach((key, index) => {
    if (order.includes(key)) return
    const neighbour = other[index - 1]
    const at = neighbour === undefined ? 0 : order.indexOf(neighbour) + 1
    order.splice(at, 0, key)
  })
  return order
}

function setAt(object: JsonObject, [first, ...rest]: readonly string[], value: unknown): JsonObject {
  if (first === undefined) return object
  const { [first]: old, ...others } = object
  if (rest.length > 0) return { ...object, [first]: setAt(isObject(old) ? old : {}, rest, value) }
  return value === undefined ? others : { ...object, [first]: value }
}
