import { graphql } from '../gql'

export const BudgetFields = graphql(`
  fragment BudgetFields on DeskBudget {
    id
    slug
    version
    role
    state
    isFrozen
    frozenReason
    draft
    problems {
      path
      rule
      message
      blocking
    }
    missingTexts {
      language
      path
    }
    updatedAt
    updatedBy
    opensAt
    closesAt
    opensAtLocal {
      text
      note
    }
    closesAtLocal {
      text
      note
    }
    timeZone
    shareKit {
      url
      qrSvg
    }
  }
`)

export const BudgetQuery = graphql(`
  query DeskBudget($budget: String!) {
    budget(slug: $budget) {
      ...BudgetFields
    }
  }
`)

export const BudgetChanged = graphql(`
  subscription BudgetChanged($budget: String!) {
    budgetChanged(budget: $budget) {
      ...BudgetFields
    }
  }
`)

export const UpdateBudget = graphql(`
  mutation UpdateBudget($input: UpdateBudgetInput!) {
    updateBudget(input: $input) {
      ...BudgetFields
    }
  }
`)
