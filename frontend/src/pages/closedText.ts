import { budget as texts } from '../texts/en'
import { dayText } from '../texts/format'
import type { BudgetStatus } from '../gql/graphql'

interface Window {
  status: BudgetStatus
  opensAt: string | null
  closesAt: string | null
}

export function closedText({ status, opensAt, closesAt }: Window): string {
  return status === 'DRAFT'
    ? texts.notOpenYet(opensAt && dayText(opensAt))
    : texts.closed(closesAt && dayText(closesAt))
}
