const CODES = [
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'BUDGET_NOT_OPEN',
  'RATE_LIMITED',
  'OVERLOADED',
  'UNAVAILABLE',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'QUERY_TOO_COMPLEX',
  'RESULTS_HIDDEN',
  'INTERNAL',
] as const

export type ErrorCode = (typeof CODES)[number]

export function errorCode(extensions: unknown): ErrorCode | undefined {
  if (typeof extensions !== 'object' || extensions === null || !('code' in extensions)) return undefined
  return CODES.find((code) => code === extensions.code)
}

/** Passing troubles: the same request may well succeed a little later. */
export function passes(code: ErrorCode | undefined): boolean {
  return code === 'OVERLOADED' || code === 'UNAVAILABLE' || code === 'INTERNAL' || code === 'RATE_LIMITED'
}
