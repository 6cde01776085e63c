/** How often a way that has worked before is tried again before the next one is. */
const PATIENCE = 3

/**
 * Which of several ways to take, best first. A way that never worked is left at its first failure, for it may be blocked
 * here; one that worked is tried again a few times, for it is rather the server that is away. After the last way it
 * begins with the first again.
 */
export class Ladder {
  #rung = 0
  #failures = 0
  readonly #worked = new Set<number>()

  constructor(readonly rungs: number) {}

  get rung(): number {
    return this.#rung
  }

  delivered(): void {
    this.#worked.add(this.#rung)
    this.#failures = 0
  }

  /** Whether to go on at once, by another way, or to wait first. */
  failed(): 'at-once' | 'after-a-while' {
    this.#failures += 1
    if (this.#failures < (this.#worked.has(this.#rung) ? PATIENCE : 1)) return 'after-a-while'
    this.#failures = 0
    this.#rung = (this.#rung + 1) % this.rungs
    return this.#rung === 0 ? 'after-a-while' : 'at-once'
  }

  climb(): void {
    this.#rung = 0
    this.#failures = 0
  }
}
