import type { ReactNode } from 'react'
import { BudgetTitle } from '../../components/budget/BudgetTitle'
import { Results } from './Results'
import { Page } from '../../components/Page'
import { BudgetLoader, OnlyBudget } from '../../components/budget/BudgetLoader'
import { Deferred } from '../../components/Deferred'
import { HowItWorks } from '../../components/budget/HowItWorks'
import { projectorPath } from '../../routing/addresses'
import { PageLink } from '../../routing/PageLink'
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
  const { results, projector } = useTexts()
  const isOver = usePhase(budget) === 'over'
  return (
    <>
      <BudgetTitle budget={budget} />
      <Deferred>
        <Results
          budget={budget}
          heading={isOver ? results.averagesAtEnd : results.averages}
          isOver={isOver}
        />
        <p>
          <PageLink href={projectorPath(budget.slug)}>{projector.open}</PageLink>
        </p>
        <HowItWorks budget={budget} />
      </Deferred>
    </>
  )
}
