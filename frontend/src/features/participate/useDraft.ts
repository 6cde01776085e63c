import { useEffect, useReducer, type ActionDispatch } from 'react'
import type { Allocation } from '../../domain/allocation'
import { draftOf, draftReducer, type Draft, type DraftAction } from './draft'
import { storedDraft, storeDraft } from './draftStorage'

/** The draft of a budget: the one stored in this tab, or else the start allocation. */
export function useDraft(budget: string, start: Allocation): [Draft, ActionDispatch<[DraftAction]>] {
  const [draft, edit] = useReducer(
    draftReducer,
    undefined,
    () => storedDraft(budget, Object.keys(start)) ?? draftOf(start),
  )

  useEffect(() => {
    // An unchanged draft is not stored: after a reload the start allocation may be another one.
    if (draft.before !== undefined || draft.locked.length > 0) storeDraft(budget, draft)
  }, [budget, draft])

  return [draft, edit]
}
