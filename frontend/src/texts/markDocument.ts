import type { Language } from './languages'

/** Screen readers, hyphenation and the layout's direction depend on the root element. */
export function markDocument({ code, direction }: Language): void {
  document.documentElement.lang = code
  document.documentElement.dir = direction
}
