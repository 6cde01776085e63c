/** Nobody can read a chart that changes more often. */
export const SHOW_EVERY_MS = 1_000

export interface Shown<Snapshot> {
  readonly snapshot: Snapshot | undefined
  readonly paused: boolean
  /** The number of publications while paused. */
  readonly missed: number
}

/** Limits the pushed snapshots to one shown change a second, always the newest. While paused nothing changes. */
export class SnapshotPacer<Snapshot> {
  #newest: Snapshot | undefined
  #shownAt = -Infinity
  #timer: ReturnType<typeof setTimeout> | undefined
  #shown: Shown<Snapshot> = { snapshot: undefined, paused: false, missed: 0 }
  readonly #listeners = new Set<() => void>()

  readonly current = (): Shown<Snapshot> => this.#shown

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

  #change(changes: Partial<Shown<Snapshot>>): void {
    this.#shown = { ...this.#shown, ...changes }
    this.#listeners.forEach((listener) => {
      listener()
    })
  }
}
