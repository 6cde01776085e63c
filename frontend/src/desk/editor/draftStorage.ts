/** A draft that the server has not acknowledged, and the one that it was made of. */
export interface KeptDraft {
  readonly base: unknown
  readonly mine: unknown
}

/** Where one account keeps its unsaved draft of one budget. */
export interface DraftStorage {
  read(): KeptDraft | undefined
  write(kept: KeptDraft): void
  remove(): void
}

/**
 * `localStorage`, because a draft must outlive a closed tab. The place has the ids of the budget, whose address can change
 * meanwhile, and of the account: what one person has typed is not saved under the name of the next one at this browser.
 */
export function browserDraft(account: string, budget: string): DraftStorage {
  const place = `taxbudget:desk:draft:${account}:${budget}`
  return {
    read() {
      try {
        const kept: unknown = JSON.parse(localStorage.getItem(place) ?? 'null')
        const isKept = typeof kept === 'object' && kept !== null && 'base' in kept && 'mine' in kept
        return isKept ? { base: kept.base, mine: kept.mine } : undefined
      } catch {
        return undefined
      }
    },
    write(kept) {
      try {
        localStorage.setItem(place, JSON.stringify(kept))
      } catch {
        // Storage may be blocked or full; then the draft lasts until the page is closed.
      }
    },
    remove() {
      try {
        localStorage.removeItem(place)
      } catch {
        // See above.
      }
    },
  }
}
