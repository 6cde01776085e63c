import type { CombinedError } from '@urql/core'
import type { Challenge } from 'altcha/lib'
import { errorCode } from '../../../graphql/errorCodes'

/** What the server asks a browser to work on, if that is why it refused. */
export function challengeOf(error: CombinedError): Challenge | undefined {
  const [first] = error.graphQLErrors
  if (!first || errorCode(first.extensions) !== 'CHALLENGE_REQUIRED') return undefined
  const { challenge } = first.extensions
  return isChallenge(challenge) ? challenge : undefined
}

function isChallenge(value: unknown): value is Challenge {
  return typeof value === 'object' && value !== null && 'parameters' in value
}
