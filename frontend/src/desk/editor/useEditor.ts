import { createContext, use } from 'react'
import type { BudgetFieldsFragment } from '../gql/graphql'
import type { Draft } from './draft'
import type { DraftSaver, Editing } from './draftSaver'

export interface Editor {
  readonly editing: Editing
  readonly saver: DraftSaver
  readonly draft: Draft
  /** All languages of the budget, its own first. */
  readonly languages: readonly string[]
  /** What would change the meaning of answers can't be changed any more. */
  readonly isFrozen: boolean
  readonly edit: (field: string, change: (draft: Draft) => Draft) => void
  /** What is wrong with the field at a path of the draft, by the server. */
  readonly problemAt: (path: string) => { problem: string | undefined; isMild: boolean }
}

export const CurrentEditor = createContext<Editor | undefined>(undefined)

export function useEditor(): Editor {
  const editor = use(CurrentEditor)
  if (!editor) throw new Error('no EditorPart around this component')
  return editor
}

/** The element of a field. The server writes places in lists as `categories[2].label` or as `categories.2.label`. */
export function fieldId(path: string): string {
  return `draft-${path.replace(/\[(\w+)\]/g, '.$1').replaceAll('.', '-')}`
}

export function problemsByField(
  problems: BudgetFieldsFragment['problems'],
): ReadonlyMap<string, BudgetFieldsFragment['problems'][number]> {
  const byField = new Map<string, BudgetFieldsFragment['problems'][number]>()
  for (const problem of problems) {
    const id = fieldId(problem.path)
    if (!byField.get(id)?.blocking) byField.set(id, problem)
  }
  return byField
}
