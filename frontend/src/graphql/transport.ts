/** What a server sends for one subscription. */
export interface Result {
  readonly data?: Record<string, unknown> | null | undefined
  readonly errors?: readonly { readonly extensions?: unknown }[] | undefined
}

export interface Sink {
  readonly next: (result: Result) => void
  /** It is over, with the errors that the server gave, if any. */
  readonly end: (errors?: Result['errors']) => void
}

export interface Request {
  readonly query: string
  readonly variables: Record<string, unknown>
}

/** One way by which a subscription's results can come. */
export interface Transport {
  /** What the page says while they come by it. */
  readonly state: 'live' | 'polling'
  /** Begins; returns the function that ends it. After `end`, or once ended, it is silent. */
  readonly subscribe: (request: Request, sink: Sink) => () => void
}
