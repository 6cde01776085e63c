export type Route =
  | { page: 'participate' }
  | { page: 'aggregate' }
  | { page: 'history' }
  | { page: 'privacy' }
  | { page: 'result'; id: string }
  | { page: 'unknown' }

export const PRIVACY_PATH = '/privacy'

export function routeOf(pathname: string): Route {
  const [first, second, ...more] = pathname.split('/').filter((part) => part !== '')
  if (more.length > 0) return { page: 'unknown' }
  if (first === undefined) return { page: 'participate' }
  if (first === 'aggregate' && second === undefined) return { page: 'aggregate' }
  if (first === 'history' && second === undefined) return { page: 'history' }
  if (first === 'privacy' && second === undefined) return { page: 'privacy' }
  if (first === 'results' && second !== undefined) return { page: 'result', id: decoded(second) }
  return { page: 'unknown' }
}

/** A mistyped escape must not throw: it is taken as it stands, for an id that does not exist. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function budgetPath(slug: string): string {
  return `/?budget=${encodeURIComponent(slug)}`
}

export function resultPath(id: string): string {
  return `/results/${encodeURIComponent(id)}`
}
