import type { BudgetWindow, Phase } from '../../domain/budgetWindow'
import type { Format } from '../../texts/format'
import type { Texts } from '../../texts/languages'

/** Says that a budget takes no submissions now, and when it opens or closed. */
export function closedText(
  { budget: texts }: Pick<Texts, 'budget'>,
  format: Format,
  { opensAt, closesAt }: BudgetWindow,
  phase: Exclude<Phase, 'open'>,
): string {
  return phase === 'not-yet'
    ? texts.notOpenYet(opensAt && format.day(opensAt))
    : texts.closed(closesAt && format.day(closesAt))
}
