import { graphql } from './gql'
import type { EmbeddedResultsFieldsFragment } from './gql/graphql'

export type Results = EmbeddedResultsFieldsFragment

export const BudgetQuery = graphql(`
  query EmbeddedBudget($budget: String!, $language: String!) {
    budget(slug: $budget) {
      title(language: $language)
      status
      isPaused
      visibility
      opensAt
      closesAt
      publishEvery
      categories {
        key
        label(language: $language)
        actualPercent
      }
    }
  }
`)

export const ResultsSubscription = graphql(`
  subscription EmbeddedResults($budget: String!) {
    aggregate(budget: $budget) {
      ...EmbeddedResultsFields
    }
  }

  fragment EmbeddedResultsFields on BudgetAggregate {
    version
    asOf
    participantCount
    shownParticipantCount
    categories {
      category {
        key
      }
      averagePercent
    }
  }
`)

/** The same as the subscription, for networks in which nothing can be pushed. */
export const ResultsQuery = graphql(`
  query PolledEmbeddedResults($budget: String!) {
    budget(slug: $budget) {
      aggregate {
        ...EmbeddedResultsFields
      }
    }
  }
`)
