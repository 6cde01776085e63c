import { graphql } from '../gql'

export const ChangePassword = graphql(`
  mutation ChangePassword($current: String!, $new: String!) {
    changePassword(current: $current, new: $new) {
      ...Me
    }
  }
`)

export const BeginTotp = graphql(`
  mutation BeginTotp($password: String!) {
    beginTotp(password: $password) {
      secret
      url
      qrSvg
    }
  }
`)

export const ConfirmTotp = graphql(`
  mutation ConfirmTotp($code: String!) {
    confirmTotp(code: $code) {
      ...Me
    }
  }
`)

export const RemoveTotp = graphql(`
  mutation RemoveTotp($password: String!, $code: String!) {
    removeTotp(password: $password, code: $code) {
      ...Me
    }
  }
`)

export const EndSession = graphql(`
  mutation EndSession($id: ID!) {
    endSession(id: $id) {
      ...Me
    }
  }
`)

export const EndAllSessions = graphql(`
  mutation EndAllSessions {
    endAllSessions(keepThis: true) {
      ...Me
    }
  }
`)
