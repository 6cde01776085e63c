import { sameAllocation, type Allocation } from './allocation'
import { rebalance, settleOn, type Way } from './rebalance'
import { clampShare, parseShare, type BasisPoints } from './share'

/**
 * What the form holds. `typed` keeps a field's text for as long as somebody is typing in it ("12," on the way to "12,5")
 * and afterwards only where it is not a share, so that a mistake stays visible instead of being quietly undone.
 */
export interface Draft {
  readonly allocation: Allocation
  readonly typed: Readonly<Record<string, string>>
  /** Rows that commands leave alone. */
  readonly locked: readonly string[]
  /** What one step back leads to; a row that is changed by many small moves in a row is one step. */
  readonly before: Allocation | undefined
  /** The row whose moves are being gathered into one step. */
  readonly moving: string | undefined
}

export type DraftAction =
  | { type: 'typed'; key: string; text: string }
  | { type: 'left'; key: string }
  | { type: 'set'; key: string; share: BasisPoints }
  | { type: 'settled-on'; key: string }
  | { type: 'rebalanced'; way: Way }
  | { type: 'begun'; from: Allocation }
  | { type: 'begun-anew'; from: Allocation }
  | { type: 'lock-toggled'; key: string }
  | { type: 'undone' }

export function draftOf(allocation: Allocation, locked: readonly string[] = []): Draft {
  return { allocation, typed: {}, locked, before: undefined, moving: undefined }
}

export function draftReducer(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case 'typed': {
      const typed = { ...draft.typed, [action.key]: action.text }
      const parsed = parseShare(action.text)
      return parsed.ok ? { ...moved(draft, action.key, parsed.share), typed } : { ...draft, typed }
    }
    case 'left':
      return parseShare(draft.typed[action.key] ?? '').ok
        ? { ...draft, typed: without(draft.typed, action.key) }
        : draft
    case 'set':
      return {
        ...moved(draft, action.key, clampShare(action.share)),
        typed: without(draft.typed, action.key),
      }
    case 'settled-on':
      return stepped(draft, settleOn(draft.allocation, action.key))
    case 'rebalanced':
      return stepped(draft, rebalance(draft.allocation, draft.locked, action.way))
    case 'begun':
      return stepped(draft, action.from)
    case 'begun-anew':
      // Of another person: no step leads back to what the one before gave.
      return draftOf(action.from)
    case 'lock-toggled':
      return {
        ...draft,
        locked: draft.locked.includes(action.key)
          ? draft.locked.filter((key) => key !== action.key)
          : [...draft.locked, action.key],
      }
    case 'undone':
      return draft.before ? draftOf(draft.before, draft.locked) : draft
  }
}

/** Leaving a field or locking a row changes no share: what was said about the allocation stays true. */
export function changesAllocation(action: DraftAction): boolean {
  return action.type !== 'left' && action.type !== 'lock-toggled'
}

/** Categories whose field holds something that is not a share. */
export function unreadable(draft: Draft): string[] {
  return Object.entries(draft.typed)
    .filter(([, text]) => !parseShare(text).ok)
    .map(([key]) => key)
}

function moved(draft: Draft, key: string, share: BasisPoints): Draft {
  if (draft.allocation[key] === share) return draft
  return {
    ...draft,
    allocation: { ...draft.allocation, [key]: share },
    before: draft.moving === key ? draft.before : draft.allocation,
    moving: key,
  }
}

function stepped(draft: Draft, allocation: Allocation): Draft {
  const before = sameAllocation(draft.allocation, allocation) ? draft.before : draft.allocation
  return { ...draft, allocation, typed: {}, before, moving: undefined }
}

function without(typed: Draft['typed'], key: string): Draft['typed'] {
  return Object.fromEntries(Object.entries(typed).filter(([other]) => other !== key))
}
