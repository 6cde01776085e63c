import type { Snapshot } from './snapshot'

/** A chart that moves more often than this cannot be read. */
export const SHOW_EVERY_MS = 1_000

export interface Shown {
  readonly snapshot: Snapshot | undefined
  readonly paused: boolean
  /** Publications that came in while paused. */
  readonly missed: number
}

/** Between what is pushed and what is shown: at most one change a second, always the newest, none while paused. */
export class SnapshotPacer {
  #newest: Snapshot | undefined
  #shownAt = -Infinity
  #timer: ReturnType<typeof setTimeout> | undefined
  #shown: Shown = { snapshot: undefined, paused: false, missed: 0 }
  readonly #listeners = new Set<() => void>()

  readonly current = (): Shown => this.#shown

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#call(undefined)
    }
  }

  push(snapshot: Snapshot): void {
    if (snapshot === this.#newest) return
    this.#newest = snapshot
    if (this.#shown.paused) {
      this.#change({ missed: this.#shown.missed + 1 })
      return
    }
    if (this.#timer !== undefined) return
    const wait = this.#shownAt + SHOW_EVERY_MS - performance.now()
    if (wait <= 0) this.#show()
    else this.#call(setTimeout(this.#show, wait))
  }

  pause(): void {
    this.#call(undefined)
    this.#change({ paused: true, missed: this.#newest === this.#shown.snapshot ? 0 : 1 })
  }

  resume(): void {
    this.#change({ paused: false, missed: 0 })
    this.#show()
  }

  readonly #show = (): void => {
    this.#call(undefined)
    this.#shownAt = performance.now()
    this.#change({ snapshot: this.#newest })
  }

  #call(timer: ReturnType<typeof setTimeout> | undefined): void {
    clearTimeout(this.#timer)
    this.#timer = timer
  }

  #change(changes: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...changes }
    this.#listeners.forEach((listener) => {
      listener()
    })
  }
}
