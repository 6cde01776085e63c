import { Page } from '../../components/Page'
import { BudgetLoader } from '../../components/budget/BudgetLoader'
import { Participation } from './Participation'

export function ParticipatePage() {
  return (
    <Page>
      <BudgetLoader>
        {(budget, viewer) => <Participation key={budget.slug} budget={budget} viewer={viewer} />}
      </BudgetLoader>
    </Page>
  )
}
