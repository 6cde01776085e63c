import { BudgetTitle } from '../../components/budget/BudgetTitle'
import { LiveResults } from './LiveResults'
import { Page } from '../../components/Page'
import { BudgetLoader } from '../../components/budget/BudgetLoader'
import { useTexts } from '../../texts/useTexts'

export function AggregatePage() {
  const { results, site } = useTexts()
  return (
    <Page title={site.aggregate}>
      <BudgetLoader>
        {(budget) => (
          <>
            <BudgetTitle budget={budget} />
            <LiveResults
              key={budget.slug}
              budget={budget.slug}
              title={budget.title}
              heading={results.averages}
              categories={budget.categories}
              initial={budget.aggregate}
            />
          </>
        )}
      </BudgetLoader>
    </Page>
  )
}
