import { graphql } from '../gql'

export const BudgetFields = graphql(`
  fragment BudgetFields on DeskBudget {
    id
    slug
    version
    role
    state
    isFrozen
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
      offset
      note
    }
    closesAtLocal {
      text
      offset
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
