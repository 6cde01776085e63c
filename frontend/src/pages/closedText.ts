import type { BudgetStatus } from '../gql/graphql'
import type { Format } from '../texts/format'
import type { Texts } from '../texts/languages'

interface Window {
  status: BudgetStatus
  opensAt: string | null
  closesAt: string | null
}

export function closedText(
  { budget: texts }: Pick<Texts, 'budget'>,
  format: Format,
  { status, opensAt, closesAt }: Window,
): string {
  return status === 'DRAFT'
    ? texts.notOpenYet(opensAt && format.day(opensAt))
    : texts.closed(closesAt && format.day(closesAt))
}
