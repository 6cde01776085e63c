import type { ServerClock } from './serverClock'

const RESPONSE_TIMEOUT_MS = 20_000

/** `fetch` with a time limit. Each response sets the clock. */
export function timedFetch(clock: ServerClock): typeof fetch {
  return async (input, init) => {
    const timeout = AbortSignal.timeout(RESPONSE_TIMEOUT_MS)
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout
    const sentAt = Date.now()
    const response = await fetch(input, { ...init, signal })
    clock.adjust(response.headers.get('date'), sentAt, Date.now())
    return response
  }
}
