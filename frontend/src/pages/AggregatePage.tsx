import { BudgetTitle } from '../components/BudgetTitle'
import { LiveResults } from '../components/LiveResults'
import { Page } from '../components/Page'
import { results, site } from '../texts/en'
import { BudgetLoader } from './BudgetLoader'

export function AggregatePage() {
  return (
    <Page title={site.aggregate}>
      <BudgetLoader>
        {(budget) => (
          <>
            <BudgetTitle budget={budget} />
            <LiveResults
              key={budget.slug}
              budget={budget.slug}
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
