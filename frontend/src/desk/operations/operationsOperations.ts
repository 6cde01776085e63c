import { graphql } from '../gql'

export const OperationsChanged = graphql(`
  subscription Operations {
    operations {
      nodes {
        id
        role
        version
        startedAt
        lastSeenAt
        connections
        streams
      }
      database {
        kind
        ok
        latencyMs
        sizeBytes
      }
      redis {
        configured
        ok
        latencyMs
      }
      queue
      foldLagMs
      pendingDeltas
      snapshotAgeMs
      reads {
        memory
        redis
        table
        recount
      }
    }
  }
`)

export const JobFields = graphql(`
  fragment JobFields on Job {
    id
    kind
    createdAt
    startedAt
    finishedAt
    attempts
    progress
    total
    outcome {
      code
      count
      budgets
    }
    error
    node
  }
`)

export const JobsQuery = graphql(`
  query Jobs($first: Int!, $after: String) {
    jobs(first: $first, after: $after) {
      nodes {
        ...JobFields
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const JobChanged = graphql(`
  subscription JobChanged($id: ID!) {
    jobChanged(id: $id) {
      ...JobFields
    }
  }
`)

export const StartJob = graphql(`
  mutation StartJob($kind: JobKind!) {
    startJob(kind: $kind) {
      ...JobFields
    }
  }
`)

export const RetryJob = graphql(`
  mutation RetryJob($id: ID!) {
    retryJob(id: $id) {
      ...JobFields
    }
  }
`)
