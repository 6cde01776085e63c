import { Page } from '../../components/Page'
import { BudgetLoader } from '../../components/budget/BudgetLoader'
import { Participation } from './Participation'
import { ParticipationByCode } from './ParticipationByCode'

export function ParticipatePage() {
  return (
    <Page>
      <BudgetLoader>
        {(budget, viewer) =>
          budget.participation === 'CODE' ? (
            <ParticipationByCode key={budget.slug} budget={budget} viewer={viewer} />
          ) : (
            <Participation key={budget.slug} budget={budget} viewer={viewer} />
          )
        }
      </BudgetLoader>
    </Page>
  )
}
