/**
 * What time it is for the server, which judges whether a budget is open. This device's clock may be wrong by minutes or
 * years; each response says the server's time, in whole seconds.
 */
export class ServerClock {
  /** Added to this device's time. */
  #correctionMs = 0

  /** Takes in the `Date` of a response, which the server wrote between these two moments of this device. */
  hear(date: string | null, askedAtMs: number, answeredAtMs: number): void {
    const second = Date.parse(date ?? '')
    if (Number.isNaN(second)) return
    const least = second - answeredAtMs
    const most = second + 1000 - askedAtMs
    // A clock that may be right is left alone, so that it does not jump with the length of each request.
    this.#correctionMs = least <= 0 && 0 <= most ? 0 : Math.round((least + most) / 2)
  }

  now(): Date {
    return new Date(Date.now() + this.#correctionMs)
  }
}
