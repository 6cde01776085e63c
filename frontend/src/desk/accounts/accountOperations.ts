import { graphql } from '../gql'

export const AccountFields = graphql(`
  fragment AccountFields on Account {
    id
    name
    role
    budgets {
      slug
      title
      role
    }
    hasTotp
    createdAt
    lastSeenAt
    disabled
  }
`)

export const AccountsQuery = graphql(`
  query Accounts {
    accounts {
      ...AccountFields
    }
    invitations {
      ...InvitationFields
    }
  }

  fragment InvitationFields on Invitation {
    id
    role
    createdBy
    expiresAt
    budget {
      slug
      title
      role
    }
  }
`)

export const PeopleQuery = graphql(`
  query People($budget: String!) {
    people(budget: $budget) {
      account
      name
      role
      disabled
    }
  }
`)

export const Invite = graphql(`
  mutation Invite($input: InviteInput!) {
    invite(input: $input) {
      url
    }
  }
`)

export const WithdrawInvitation = graphql(`
  mutation WithdrawInvitation($id: ID!) {
    withdrawInvitation(id: $id)
  }
`)

export const SetRole = graphql(`
  mutation SetRole($account: ID!, $role: DeskRole, $budget: String) {
    setRole(account: $account, role: $role, budget: $budget) {
      ...AccountFields
    }
  }
`)

export const DisableAccount = graphql(`
  mutation DisableAccount($id: ID!, $disabled: Boolean!) {
    disableAccount(id: $id, disabled: $disabled) {
      ...AccountFields
    }
  }
`)

export const EndAccountSessions = graphql(`
  mutation EndAccountSessions($account: ID!) {
    endAccountSessions(account: $account) {
      ...AccountFields
    }
  }
`)
