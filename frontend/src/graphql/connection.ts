export type Connection = 'idle' | 'connecting' | 'live' | 'polling' | 'reconnecting' | 'offline'

type LinkState = Exclude<Connection, 'offline'>

/** The state of the live connection. The subscription reports it; the browser adds whether there is a network. */
export class ConnectionMonitor {
  #link: LinkState = 'idle'
  readonly #listeners = new Set<() => void>()

  constructor() {
    window.addEventListener('online', this.#notify)
    window.addEventListener('offline', this.#notify)
  }

  report(link: LinkState): void {
    this.#link = link
    this.#notify()
  }

  /** A live connection outweighs the browser's guess: a server on this machine answers without any network. */
  readonly current = (): Connection => {
    const waiting = this.#link === 'connecting' || this.#link === 'reconnecting'
    return waiting && !navigator.onLine ? 'offline' : this.#link
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly #notify = (): void => {
    this.#listeners.forEach((listener) => {
      listener()
    })
  }
}
