const CODES = [
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'BUDGET_NOT_OPEN',
  'RATE_LIMITED',
  'CHALLENGE_REQUIRED',
  'OVERLOADED',
  'UNAVAILABLE',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RESULTS_HIDDEN',
  'CONFLICT',
  'FROZEN',
  'QUERY_TOO_COMPLEX',
  'INTERNAL',
] as const

export type ErrorCode = (typeof CODES)[number]

export function errorCode(extensions: unknown): ErrorCode | undefined {
  if (typeof extensions !== 'object' || extensions === null || !('code' in extensions)) return undefined
  return CODES.find((code) => code === extensions.code)
}

/** Tells whether the same request may succeed a little later. */
export function isTransient(code: ErrorCode | undefined): boolean {
  return (
    code === 'OVERLOADED' ||
    code === 'UNAVAILABLE' ||
    code === 'INTERNAL' ||
    code === 'RATE_LIMITED' ||
    code === 'CHALLENGE_REQUIRED'
  )
}
