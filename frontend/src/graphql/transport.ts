/** One result that the server sends for a subscription. */
export interface Result {
  readonly data?: Record<string, unknown> | null | undefined
  readonly errors?: readonly { readonly extensions?: unknown }[] | undefined
}

export interface Sink {
  readonly next: (result: Result) => void
  /** The subscription has ended, with the errors of the server, if it sent any. */
  readonly end: (errors?: Result['errors']) => void
}

export interface Request {
  readonly query: string
  readonly variables: Record<string, unknown>
}

/** Carries the results of a subscription. */
export interface Transport {
  /** The state that the page shows while this transport is in use. */
  readonly state: 'live' | 'polling'
  /** Returns the function that ends the subscription. After that, and after `end`, the sink is not called again. */
  readonly subscribe: (request: Request, sink: Sink) => () => void
}
