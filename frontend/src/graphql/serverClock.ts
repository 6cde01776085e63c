/**
 * The server's time, by which the server judges whether a budget is open. This device's clock may be wrong by minutes or
 * years; each response has the server's time, in whole seconds.
 */
export class ServerClock {
  /** Added to this device's time. */
  #correctionMs = 0

  /** Compares with the `Date` of a response, which the server wrote between these two moments of this device. */
  adjust(date: string | null, sentAtMs: number, receivedAtMs: number): void {
    const second = Date.parse(date ?? '')
    if (Number.isNaN(second)) return
    const least = second - receivedAtMs
    const most = second + 1000 - sentAtMs
    // A clock that may be right is left alone, so that it does not jump with the duration of each request.
    this.#correctionMs = least <= 0 && 0 <= most ? 0 : Math.round((least + most) / 2)
  }

  now(): Date {
    return new Date(Date.now() + this.#correctionMs)
  }
}
