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
    categories {
      category {
        key
      }
      averagePercent
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
