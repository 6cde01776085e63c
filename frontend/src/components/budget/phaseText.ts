import type { BudgetWindow, Phase } from '../../domain/budgetWindow'
import type { Format } from '../../texts/format'
import type { Texts } from '../../texts/languages'

/** Says whether a budget takes submissions now, and until when, or when it opens or closed. */
export function phaseText(
  { budget: texts }: Pick<Texts, 'budget'>,
  format: Format,
  { opensAt, closesAt }: BudgetWindow,
  phase: Phase,
): string {
  switch (phase) {
    case 'not-yet':
      return texts.notOpenYet(opensAt && format.day(opensAt))
    case 'open':
      return texts.open(closesAt && format.day(closesAt))
    case 'paused':
      return texts.paused
    case 'over':
      return texts.closed(closesAt && format.day(closesAt))
  }
}
