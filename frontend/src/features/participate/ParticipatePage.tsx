import { lazy, Suspense, type ReactNode } from 'react'
import { Page } from '../../components/Page'
import { BudgetLoader, OnlyBudget } from '../../components/budget/BudgetLoader'
import { LoadingContent } from '../../components/states/LoadingContent'
import type { PageBudgetFragment, PageViewerFragment } from '../../gql/graphql'
import { Participation } from './Participation'

// Loaded for budgets with participation by code only.
const ParticipationByCode = lazy(async () => ({
  default: (await import('./ParticipationByCode')).ParticipationByCode,
}))

interface Props {
  /** Without one, the form is that of the only open budget. */
  slug?: string | undefined
  /** Shown where several budgets are open. */
  several?: ReactNode
}

export function ParticipatePage({ slug, several }: Props) {
  return (
    <Page>
      {slug === undefined ? (
        <OnlyBudget several={several}>{form}</OnlyBudget>
      ) : (
        <BudgetLoader key={slug} slug={slug}>
          {form}
        </BudgetLoader>
      )}
    </Page>
  )
}

function form(budget: PageBudgetFragment, viewer: PageViewerFragment) {
  return budget.participation === 'CODE' ? (
    <Suspense fallback={<LoadingContent />}>
      <ParticipationByCode key={budget.slug} budget={budget} viewer={viewer} />
    </Suspense>
  ) : (
    <Participation key={budget.slug} budget={budget} viewer={viewer} />
  )
}
