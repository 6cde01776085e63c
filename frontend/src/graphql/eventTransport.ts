import type { Result, Transport } from './transport'

/** Server-sent events: one HTTP response that stays open. It works in networks that block WebSockets. */
export function eventTransport(path: string): Transport {
  return {
    state: 'live',
    subscribe({ query, variables }, sink) {
      const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) })
      const source = new EventSource(`${path}?${parameters.toString()}`)
      source.addEventListener('next', (event: MessageEvent<string>) => {
        sink.next(JSON.parse(event.data) as Result)
      })
      source.addEventListener('complete', end)
      // EventSource would retry by itself, beside the page's own schedule of retries.
      source.addEventListener('error', end)
      return () => {
        source.close()
      }

      function end(): void {
        source.close()
        sink.end()
      }
    },
  }
}
