import type { Language } from './languages'

/** Screen readers, hyphenation and the direction of the layout go by the root element. */
export function markDocument({ code, direction }: Language): void {
  document.documentElement.lang = code
  document.documentElement.dir = direction
}
