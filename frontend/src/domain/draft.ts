import { settleEvenly, type Allocation } from './allocation'
import { clampShare, parseShare, type BasisPoints } from './share'

/**
 * What the form holds. `typed` keeps a field's text for as long as somebody is typing in it ("12," on the way to "12,5")
 * and afterwards only where it is not a share, so that a mistake stays visible instead of being quietly undone.
 */
export interface Draft {
  readonly allocation: Allocation
  readonly typed: Readonly<Record<string, string>>
}

export type DraftAction =
  | { type: 'typed'; key: string; text: string }
  | { type: 'left'; key: string }
  | { type: 'set'; key: string; share: BasisPoints }
  | { type: 'settled' }

export function draftOf(allocation: Allocation): Draft {
  return { allocation, typed: {} }
}

export function draftReducer(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case 'typed': {
      const parsed = parseShare(action.text)
      const allocation = parsed.ok ? { ...draft.allocation, [action.key]: parsed.share } : draft.allocation
      return { allocation, typed: { ...draft.typed, [action.key]: action.text } }
    }
    case 'left':
      return parseShare(draft.typed[action.key] ?? '').ok
        ? { ...draft, typed: without(draft.typed, action.key) }
        : draft
    case 'set':
      return {
        allocation: { ...draft.allocation, [action.key]: clampShare(action.share) },
        typed: without(draft.typed, action.key),
      }
    case 'settled':
      return draftOf(settleEvenly(draft.allocation))
  }
}

/** Leaving a field only tidies its text: what was said about the allocation stays true. */
export function changesAllocation(action: DraftAction): boolean {
  return action.type !== 'left'
}

/** Categories whose field holds something that is not a share. */
export function unreadable(draft: Draft): string[] {
  return Object.entries(draft.typed)
    .filter(([, text]) => !parseShare(text).ok)
    .map(([key]) => key)
}

function without(typed: Draft['typed'], key: string): Draft['typed'] {
  return Object.fromEntries(Object.entries(typed).filter(([other]) => other !== key))
}
