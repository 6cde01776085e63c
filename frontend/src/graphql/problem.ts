import type { CombinedError } from '@urql/core'
import { errorCode, isTransient, type ErrorCode } from './errorCodes'

export interface Violation {
  readonly path: string
  readonly rule: string
  readonly message: string
}

/** An error as the page shows it: its kind, its details, and whether trying again makes sense. */
export interface Problem {
  readonly code: ErrorCode | 'NO_ANSWER' | 'UNKNOWN'
  readonly message: string
  readonly violations: readonly Violation[]
  readonly retryAfterSeconds: number | undefined
  readonly mayRetry: boolean
}

export function problemOf(error: CombinedError): Problem {
  const [first] = error.graphQLErrors
  if (!first) {
    return {
      code: 'NO_ANSWER',
      message: error.networkError?.message ?? '',
      violations: [],
      retryAfterSeconds: undefined,
      mayRetry: true,
    }
  }
  const code = errorCode(first.extensions)
  const retryAfter = first.extensions.retryAfterSeconds
  return {
    code: code ?? 'UNKNOWN',
    message: first.message,
    violations: violationsOf(first.extensions.violations),
    retryAfterSeconds: typeof retryAfter === 'number' ? retryAfter : undefined,
    mayRetry: isTransient(code),
  }
}

function violationsOf(value: unknown): Violation[] {
  if (!Array.isArray(value)) return []
  return value.filter(isViolation)
}

function isViolation(value: unknown): value is Violation {
  return (
    typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
  )
}
