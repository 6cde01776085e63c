/** The patterns of the page's addresses, as the router reads them. The server knows the same ones. */
export const PATTERNS = {
  home: '/',
  budget: '/b/:slug',
  budgetResults: '/b/:slug/results',
  projector: '/b/:slug/projector',
  /** Of the time before a budget had addresses of its own. */
  aggregate: '/aggregate',
  history: '/history',
  privacy: '/privacy',
  result: '/results/:id',
} as const

export const HISTORY_PATH = PATTERNS.history
export const PRIVACY_PATH = PATTERNS.privacy

/** The id of the part "How this works", for links to it within a page. */
export const HOW_IT_WORKS = 'how-this-works'

export function budgetPath(slug: string): string {
  return `/b/${encodeURIComponent(slug)}`
}

export function budgetResultsPath(slug: string): string {
  return `${budgetPath(slug)}/results`
}

export function projectorPath(slug: string): string {
  return `${budgetPath(slug)}/projector`
}

export function resultPath(id: string): string {
  return `/results/${encodeURIComponent(id)}`
}

/**
 * The present form of an address that names its budget as `?budget=slug`, with everything else of it. In the fragment
 * there may be a participation code.
 */
export function withBudgetInPath(path: string, search: string, hash: string): string {
  const parameters = new URLSearchParams(search)
  parameters.delete('budget')
  const rest = parameters.size === 0 ? '' : `?${parameters.toString()}`
  return path + rest + hash
}
