import { graphql } from '../gql'

export const AnswersQuery = graphql(`
  query Answers($budget: String!, $first: Int!, $after: String, $filter: AnswerFilterInput) {
    answers(budget: $budget, first: $first, after: $after, filter: $filter) {
      nodes {
        id
        hour
        exclusion {
          id
          reason
        }
        shares {
          category {
            key
          }
          percent
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const ExclusionsQuery = graphql(`
  query Exclusions($budget: String!) {
    exclusions(budget: $budget) {
      id
      reason
      kind
      count
      by
      at
      undoneAt
      undoneBy
    }
    cohorts(budget: $budget) {
      id
      kind
      hour
      voices
      excluded
      excludable
    }
  }
`)

export const ExcludeAnswers = graphql(`
  mutation ExcludeAnswers($input: ExcludeInput!) {
    excludeAnswers(input: $input) {
      id
      count
    }
  }
`)

export const UndoExclusion = graphql(`
  mutation UndoExclusion($id: ID!) {
    undoExclusion(id: $id) {
      id
      undoneAt
    }
  }
`)
