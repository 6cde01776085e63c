import type { ReactNode } from 'react'
import { BudgetTitle } from '../../components/budget/BudgetTitle'
import { LiveResults } from './LiveResults'
import { Page } from '../../components/Page'
import { BudgetLoader, OnlyBudget } from '../../components/budget/BudgetLoader'
import { HowItWorks } from '../../components/budget/HowItWorks'
import type { PageBudgetFragment } from '../../gql/graphql'
import { usePhase } from '../../components/budget/usePhase'
import { useTexts } from '../../texts/useTexts'

interface Props {
  /** Without one, the averages are those of the only open budget. */
  slug?: string | undefined
  /** Shown where several budgets are open. */
  several?: ReactNode
}

export function AggregatePage({ slug, several }: Props) {
  const { site } = useTexts()
  return (
    <Page title={site.aggregate}>
      {slug === undefined ? (
        <OnlyBudget several={several}>{averages}</OnlyBudget>
      ) : (
        <BudgetLoader key={slug} slug={slug}>
          {averages}
        </BudgetLoader>
      )}
    </Page>
  )
}

function averages(budget: PageBudgetFragment) {
  return <Averages key={budget.slug} budget={budget} />
}

function Averages({ budget }: { budget: PageBudgetFragment }) {
  const { results } = useTexts()
  const phase = usePhase(budget)
  return (
    <>
      <BudgetTitle budget={budget} />
      <LiveResults
        budget={budget.slug}
        title={budget.title}
        heading={results.averages}
        categories={budget.categories}
        initial={budget.aggregate}
        publishEvery={budget.publishEvery}
        isOver={phase === 'over'}
      />
      <HowItWorks budget={budget} />
    </>
  )
}
