/** A draft that the server has not acknowledged, and the one that it was made of. */
export interface KeptDraft {
  readonly base: unknown
  readonly mine: unknown
}

export interface DraftStorage {
  read(slug: string): KeptDraft | undefined
  write(slug: string, kept: KeptDraft): void
  remove(slug: string): void
}

const PREFIX = 'taxbudget:desk:draft:'

/** `localStorage`, because a draft must outlive a closed tab. */
export const browserDrafts: DraftStorage = {
  read(slug) {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(PREFIX + slug) ?? 'null')
      const isKept = typeof kept === 'object' && kept !== null && 'base' in kept && 'mine' in kept
      return isKept ? { base: kept.base, mine: kept.mine } : undefined
    } catch {
      return undefined
    }
  },
  write(slug, kept) {
    try {
      localStorage.setItem(PREFIX + slug, JSON.stringify(kept))
    } catch {
      // Storage may be blocked or full; then the draft lasts until the page is closed.
    }
  },
  remove(slug) {
    try {
      localStorage.removeItem(PREFIX + slug)
    } catch {
      // See above.
    }
  },
}
