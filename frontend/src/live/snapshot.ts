import { graphql } from '../gql'
import type { SnapshotFieldsFragment } from '../gql/graphql'

export type Snapshot = SnapshotFieldsFragment

export const SnapshotFields = graphql(`
  fragment SnapshotFields on BudgetAggregate {
    version
    asOf
    stale
    participantCount
    submissionCount
    shownParticipantCount
    categories {
      category {
        key
      }
      averagePercent
      lowerQuartilePercent
      upperQuartilePercent
    }
  }
`)

/** The same as the subscription, for networks in which nothing can be pushed. */
export const PolledAggregate = graphql(`
  query PolledAggregate($budget: String!) {
    budget(slug: $budget) {
      aggregate {
        ...SnapshotFields
      }
    }
  }
`)

/** Loaded only when somebody opens a line, because it is eight times as large as the averages. */
export const DistributionQuery = graphql(`
  query Distribution($budget: String!) {
    budget(slug: $budget) {
      aggregate {
        version
        shownParticipantCount
        categories {
          category {
            key
          }
          medianPercent
          lowerQuartilePercent
          upperQuartilePercent
          standardDeviation
          zeroCount
          histogram(bins: 20) {
            fromPercent
            toPercent
            count
          }
        }
      }
    }
  }
`)

export const AggregateSubscription = graphql(`
  subscription LiveAggregate($budget: String!) {
    aggregate(budget: $budget) {
      ...SnapshotFields
    }
  }
`)
