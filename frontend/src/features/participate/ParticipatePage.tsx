import { lazy, Suspense } from 'react'
import { Page } from '../../components/Page'
import { BudgetLoader } from '../../components/budget/BudgetLoader'
import { LoadingContent } from '../../components/states/LoadingContent'
import { Participation } from './Participation'

// Loaded for budgets with participation by code only.
const ParticipationByCode = lazy(async () => ({
  default: (await import('./ParticipationByCode')).ParticipationByCode,
}))

export function ParticipatePage() {
  return (
    <Page>
      <BudgetLoader>
        {(budget, viewer) =>
          budget.participation === 'CODE' ? (
            <Suspense fallback={<LoadingContent />}>
              <ParticipationByCode key={budget.slug} budget={budget} viewer={viewer} />
            </Suspense>
          ) : (
            <Participation key={budget.slug} budget={budget} viewer={viewer} />
          )
        }
      </BudgetLoader>
    </Page>
  )
}
