import { graphql } from '../gql'

export const OpenBudget = graphql(`
  mutation OpenBudget($budget: String!, $version: Int!) {
    openBudget(budget: $budget, version: $version) {
      ...BudgetFields
    }
  }
`)

export const PauseBudget = graphql(`
  mutation PauseBudget($budget: String!) {
    pauseBudget(budget: $budget) {
      ...BudgetFields
    }
  }
`)

export const ResumeBudget = graphql(`
  mutation ResumeBudget($budget: String!) {
    resumeBudget(budget: $budget) {
      ...BudgetFields
    }
  }
`)

export const CloseBudget = graphql(`
  mutation CloseBudget($budget: String!) {
    closeBudget(budget: $budget) {
      ...BudgetFields
    }
  }
`)

export const ArchiveBudget = graphql(`
  mutation ArchiveBudget($budget: String!, $archived: Boolean!) {
    archiveBudget(budget: $budget, archived: $archived) {
      ...BudgetFields
    }
  }
`)

export const ScheduleBudget = graphql(`
  mutation ScheduleBudget($input: ScheduleInput!) {
    scheduleBudget(input: $input) {
      ...BudgetFields
    }
  }
`)

export const DeleteBudget = graphql(`
  mutation DeleteBudget($budget: String!) {
    deleteBudget(budget: $budget)
  }
`)

export const DuplicateBudget = graphql(`
  mutation DuplicateBudget($input: CreateBudgetInput!) {
    createBudget(input: $input) {
      slug
    }
  }
`)

export const LiveFigures = graphql(`
  subscription LiveFigures($budget: String!) {
    live(budget: $budget) {
      participants
      submissions
      shownParticipants
      revised
      completion
      asOf
      perMinute {
        minute
        count
      }
      languages {
        language
        count
      }
    }
  }
`)

export const AttentionQuery = graphql(`
  query Attention($budget: String!) {
    attention(budget: $budget) {
      kind
      at
    }
  }
`)
