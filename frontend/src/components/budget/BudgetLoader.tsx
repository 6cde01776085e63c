import { useMemo, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { isOpen } from '../../domain/budgetWindow'
import { LoadingContent } from '../states/LoadingContent'
import { ProblemContent } from '../states/ProblemContent'
import { graphql } from '../../gql'
import type { PageBudgetFragment, PageViewerFragment } from '../../gql/graphql'
import { serverClock } from '../../graphql/client'
import { problemOf } from '../../graphql/problem'
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
      isPaused
      opensAt
      closesAt
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
    isPaused
    participation
    visibility
    categoryOrder
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
    exclusions {
      reason
      count
      excludedAt
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

/** Asked for first where the address names no budget: most installations have it, and then one request is enough. */
const DEFAULT_BUDGET = 'federal'

type Content = (budget: PageBudgetFragment, viewer: PageViewerFragment) => ReactNode

interface BudgetLoaderProps {
  slug: string
  /** Shown where there is no such budget for this viewer. */
  unknown?: ReactNode
  children: Content
}

/** Loads the budget of this slug. */
export function BudgetLoader({ slug, unknown, children }: BudgetLoaderProps) {
  const [{ data, error }, reload] = useBudgetPage(slug)
  if (data?.budget) return children(data.budget, data.viewer)
  if (data) return unknown ?? <UnknownBudget slug={slug} others={data.budgets} />
  if (error) return <ProblemContent problem={problemOf(error)} onRetry={reload} />
  return <LoadingContent />
}

interface OnlyBudgetProps {
  /** Shown where there is not exactly one budget to take part in. */
  several: ReactNode
  children: Content
}

/** Loads the budget of an address that names none: the only one that is open, or else the only one that there is. */
export function OnlyBudget({ several, children }: OnlyBudgetProps) {
  const [{ data, error }, reload] = useBudgetPage(DEFAULT_BUDGET)
  // Decided once for each response: a budget that opens or closes later must not take the form away.
  const candidates = useMemo(() => {
    const budgets = data?.budgets ?? []
    const open = budgets.filter((budget) => isOpen(budget, serverClock.now()))
    return open.length > 0 ? open : budgets
  }, [data])

  if (data) {
    const [only] = candidates
    if (!only || candidates.length > 1) return several
    if (data.budget?.slug === only.slug) return children(data.budget, data.viewer)
    return <BudgetLoader slug={only.slug}>{children}</BudgetLoader>
  }
  if (error) return <ProblemContent problem={problemOf(error)} onRetry={reload} />
  return <LoadingContent />
}

function useBudgetPage(slug: string) {
  const { locale } = useFormat()
  return useQuery({ query: BudgetPageQuery, variables: { budget: slug, language: locale } })
}
