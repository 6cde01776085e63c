import { BudgetTitle } from '../../components/budget/BudgetTitle'
import { LiveResults } from './LiveResults'
import { Page } from '../../components/Page'
import { BudgetLoader } from '../../components/budget/BudgetLoader'
import { HowItWorks } from '../../components/budget/HowItWorks'
import type { PageBudgetFragment } from '../../gql/graphql'
import { usePhase } from '../../components/budget/usePhase'
import { useTexts } from '../../texts/useTexts'

export function AggregatePage() {
  const { site } = useTexts()
  return (
    <Page title={site.aggregate}>
      <BudgetLoader>{(budget) => <Averages key={budget.slug} budget={budget} />}</BudgetLoader>
    </Page>
  )
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
