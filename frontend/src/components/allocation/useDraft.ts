import { useEffect, useReducer, type ActionDispatch } from 'react'
import type { Allocation } from '../../domain/allocation'
import { draftOf, draftReducer, type Draft, type DraftAction } from '../../domain/draft'
import { storedDraft, storeDraft } from './draftStorage'

/** The draft of a budget: as it was left in this tab, else from the start. */
export function useDraft(budget: string, start: Allocation): [Draft, ActionDispatch<[DraftAction]>] {
  const [draft, edit] = useReducer(
    draftReducer,
    undefined,
    () => storedDraft(budget, Object.keys(start)) ?? draftOf(start),
  )

  useEffect(() => {
    // Nothing to keep before anything was changed: the start may be another one after a reload.
    if (draft.before !== undefined || draft.locked.length > 0) storeDraft(budget, draft)
  }, [budget, draft])

  return [draft, edit]
}
