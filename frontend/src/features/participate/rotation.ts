import { forget, store, stored } from './tabStorage'

/** The categories from the one at this offset on, with those before it at the end. */
export function rotated<T>(categories: readonly T[], offset: number): readonly T[] {
  const start = offset % categories.length
  return [...categories.slice(start), ...categories.slice(0, start)]
}

/** The offset of this participant: drawn once, and the same after a reload. */
export function rotationOf(budget: string, categories: number): number {
  const { offset } = stored(nameFor(budget)) ?? {}
  if (typeof offset === 'number' && Number.isInteger(offset) && 0 <= offset && offset < categories)
    return offset
  const drawn = Math.floor(Math.random() * categories)
  store(nameFor(budget), { offset: drawn })
  return drawn
}

/** Another participant answers in the same tab. */
export function forgetRotation(budget: string): void {
  forget(nameFor(budget))
}

function nameFor(budget: string): string {
  return `taxbudget:rotation:${budget}`
}
