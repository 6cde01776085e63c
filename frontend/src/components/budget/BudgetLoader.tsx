import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { LoadingContent } from '../states/LoadingContent'
import { ProblemContent } from '../states/ProblemContent'
import { graphql } from '../../gql'
import type { PageBudgetFragment, PageViewerFragment } from '../../gql/graphql'
import { problemOf } from '../../graphql/problem'
import { useSearchParam } from '../../routing/location'
import { useFormat } from '../../texts/useTexts'
import { UnknownBudget } from './UnknownBudget'

const BudgetPageQuery = graphql(`
  query BudgetPage($budget: String!, $language: String!) {
    budget(slug: $budget) {
      ...PageBudget
    }
    budgets {
      slug
      title(language: $language)
      status
    }
    viewer {
      ...PageViewer
    }
  }

  fragment PageBudget on Budget {
    slug
    title(language: $language)
    description(language: $language)
    currency
    totalAmount
    status
    participation
    opensAt
    closesAt
    publishEvery
    retentionDays
    submissionsPerParticipant {
      count
      seconds
    }
    startPosition
    taxIllustration {
      note(language: $language)
      incomes
      taxes {
        label(language: $language)
        brackets {
          above
          percent
        }
      }
    }
    categories {
      key
      label(language: $language)
      description(language: $language)
      color
      actualPercent
    }
    aggregate {
      ...SnapshotFields
    }
  }

  fragment PageViewer on Viewer {
    participant
    submissions(first: 10) {
      nodes {
        id
        counted
        budget {
          slug
        }
        shares {
          percent
          category {
            key
          }
        }
      }
    }
  }
`)

const DEFAULT_BUDGET = 'federal'

interface Props {
  children: (budget: PageBudgetFragment, viewer: PageViewerFragment) => ReactNode
}

/** Loads the budget in the address. Without one it loads the default budget, or else the first that is open. */
export function BudgetLoader({ children }: Props) {
  const asked = useSearchParam('budget')
  return (
    <BudgetBySlug slug={asked ?? DEFAULT_BUDGET} mayFallBack={asked === null}>
      {children}
    </BudgetBySlug>
  )
}

function BudgetBySlug({ slug, mayFallBack, children }: Props & { slug: string; mayFallBack: boolean }) {
  const { locale } = useFormat()
  const [{ data, error }, reload] = useQuery({
    query: BudgetPageQuery,
    variables: { budget: slug, language: locale },
  })

  if (data?.budget) return children(data.budget, data.viewer)
  if (data) {
    const open = data.budgets.find(({ status }) => status === 'OPEN')
    if (mayFallBack && open) {
      return (
        <BudgetBySlug slug={open.slug} mayFallBack={false}>
          {children}
        </BudgetBySlug>
      )
    }
    return <UnknownBudget slug={mayFallBack ? undefined : slug} others={data.budgets} />
  }
  if (error) return <ProblemContent problem={problemOf(error)} onRetry={reload} />
  return <LoadingContent />
}
