/** How many failures in a row a transport that has worked before may have. */
const MAX_FAILURES = 3

/**
 * Chooses one of several transports, listed best first. A transport that never worked is given up at its first failure,
 * because the network may block it. One that has worked is tried again a few times, because then the server is more
 * likely to be away. After the last transport comes the first again.
 */
export class TransportFallback {
  #index = 0
  #failures = 0
  readonly #worked = new Set<number>()

  constructor(readonly count: number) {}

  get index(): number {
    return this.#index
  }

  succeeded(): void {
    this.#worked.add(this.#index)
    this.#failures = 0
  }

  /** Tells whether to start the next try at once, with another transport, or after a pause. */
  failed(): 'at-once' | 'after-a-while' {
    this.#failures += 1
    if (this.#failures < (this.#worked.has(this.#index) ? MAX_FAILURES : 1)) return 'after-a-while'
    this.#failures = 0
    this.#index = (this.#index + 1) % this.count
    return this.#index === 0 ? 'after-a-while' : 'at-once'
  }

  /** Goes back to the best transport. */
  reset(): void {
    this.#index = 0
    this.#failures = 0
  }
}
