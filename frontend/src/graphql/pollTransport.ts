import type { Request, Result, Transport } from './transport'

export const POLL_EVERY_MS = 5_000

/** Asks at an interval: the last transport, for networks in which no connection may stay open. */
export function pollTransport(ask: (variables: Request['variables']) => Promise<Result>): Transport {
  return {
    state: 'polling',
    subscribe({ variables }, sink) {
      let timer: ReturnType<typeof setTimeout> | undefined
      let left = false

      function poll(): void {
        ask(variables).then(
          (result) => {
            if (left) return
            // Up to a fifth longer, by chance, so that many pages don't ask at the same moment.
            timer = setTimeout(poll, POLL_EVERY_MS * (1 + Math.random() / 5))
            sink.next(result)
          },
          () => {
            if (!left) sink.end()
          },
        )
      }

      poll()
      return () => {
        left = true
        clearTimeout(timer)
      }
    },
  }
}
