import { useState } from 'react'

/** Where somebody is in a list that is read by cursor. */
export interface Pages {
  /** The cursors of the pages so far; the first page has none. */
  readonly trail: readonly (string | null)[]
  /** The cursor of the current page. */
  readonly after: string | null
  readonly go: (trail: readonly (string | null)[]) => void
  /** Goes to the first page, for example after another filter. */
  readonly restart: () => void
}

const FIRST_PAGE: readonly null[] = [null]

export function usePages(): Pages {
  const [trail, go] = useState<readonly (string | null)[]>(FIRST_PAGE)
  return {
    trail,
    after: trail.at(-1) ?? null,
    go,
    restart: () => {
      go(FIRST_PAGE)
    },
  }
}
