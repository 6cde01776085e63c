import { sameAllocation, type Allocation } from '../../domain/allocation'
import { rebalance, settleOn, type RebalanceMode } from './rebalance'
import { clampShare, parseShare, type BasisPoints } from '../../domain/share'

/**
 * The state of the form. `typed` holds the text of a field while somebody types in it ("12," before "12,5"). Afterwards it
 * is kept only where it is no valid share, so that the mistake stays visible.
 */
export interface Draft {
  readonly allocation: Allocation
  readonly typed: Readonly<Record<string, string>>
  /** Rows that the commands do not change. */
  readonly locked: readonly string[]
  /** The allocation that undo restores. Many small changes of one row in a row are one step. */
  readonly before: Allocation | undefined
  /** The row whose changes are being combined into one step. */
  readonly moving: string | undefined
}

export type DraftAction =
  | { type: 'typed'; key: string; text: string }
  | { type: 'left'; key: string }
  | { type: 'set'; key: string; share: BasisPoints }
  | { type: 'settled-on'; key: string }
  | { type: 'rebalanced'; mode: RebalanceMode }
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
      return stepped(draft, rebalance(draft.allocation, draft.locked, action.mode))
    case 'begun':
      return stepped(draft, action.from)
    case 'begun-anew':
      // Another person: undo must not show the allocation of the person before.
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

/** Leaving a field or locking a row changes no share, so notes about the allocation may stay. */
export function changesAllocation(action: DraftAction): boolean {
  return action.type !== 'left' && action.type !== 'lock-toggled'
}

/** The categories whose field holds no valid share. */
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
