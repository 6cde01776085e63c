import type { ConnectionMonitor } from './connection'
import { errorCode, isTransient } from './errorCodes'
import { scheduleRetry } from './retrySchedule'
import type { Request, Result, Transport } from './transport'
import { TransportFallback } from './transportFallback'

/** A transport without a result after this time counts as failed: a proxy may swallow a protocol that it does not know. */
const FIRST_RESULT_TIMEOUT_MS = 6_000
/** How long another transport is used before the best one is tried again. */
const BACK_TO_BEST_AFTER_MS = 60_000

interface Subscriber {
  readonly next: (result: { data: NonNullable<Result['data']> | null }) => void
  readonly error: (errors: NonNullable<Result['errors']>) => void
}

/** The signature that urql wants of what forwards its subscriptions. */
type Subscriptions = (request: {
  readonly query?: string | undefined
  readonly variables?: Request['variables'] | undefined
}) => { readonly subscribe: (sink: Subscriber) => { readonly unsubscribe: () => void } }

/**
 * Subscriptions that never end by themselves. Every interruption leads to the next try, with the same transport or the
 * next one: a lost or refused socket, any close code, a server that completes its streams before it shuts down, a
 * transient error. Only an error that will not go away, such as an unknown budget, ends the subscription. This is the one
 * schedule of retries: the transports have none of their own.
 */
export function liveSubscriptions(
  transports: readonly Transport[],
  monitor: ConnectionMonitor,
): Subscriptions {
  return ({ query = '', variables }) => ({
    subscribe(sink) {
      const fallback = new TransportFallback(transports.length)
      let attempt = 0
      let stopped = false
      /** Ends the transport's subscription, or cancels the wait for the next try. */
      let cancel: () => void = () => undefined
      /** Ends the current try, whose later results are then ignored. Returns false where it has ended already. */
      let close: () => boolean = () => true
      let backToBestTimer: ReturnType<typeof setTimeout> | undefined

      function start(): void {
        const transport = transports[fallback.index]
        if (!transport) return
        const run = { over: false }
        const timeout = setTimeout(again, FIRST_RESULT_TIMEOUT_MS)

        function again(): void {
          if (!closeThis()) return
          if (fallback.failed() === 'at-once') {
            start()
            return
          }
          monitor.report('reconnecting')
          cancel = scheduleRetry(attempt, start)
          attempt += 1
        }

        function closeThis(): boolean {
          clearTimeout(timeout)
          if (run.over || stopped) return false
          run.over = true
          cancel()
          return true
        }

        function fail(errors: NonNullable<Result['errors']>): void {
          if (!closeThis()) return
          monitor.report('idle')
          sink.error(errors)
        }

        cancel = () => undefined
        close = closeThis
        const unsubscribe = transport.subscribe(
          { query, variables: variables ?? {} },
          {
            next(result) {
              if (run.over || stopped) return
              if (result.errors) {
                if (hasTransientError(result.errors)) again()
                else fail(result.errors)
                return
              }
              clearTimeout(timeout)
              attempt = 0
              fallback.succeeded()
              monitor.report(transport.state)
              if (fallback.index > 0) backToBestTimer ??= setTimeout(backToBest, BACK_TO_BEST_AFTER_MS)
              sink.next({ data: result.data ?? null })
            },
            end(errors) {
              if (errors && !hasTransientError(errors)) fail(errors)
              else again()
            },
          },
        )
        // The transport may have ended before it returned the function that ends it.
        if (run.over || stopped) unsubscribe()
        else cancel = unsubscribe
      }

      function backToBest(): void {
        backToBestTimer = undefined
        if (stopped || fallback.index === 0) return
        // Between two tries there is no transport to close, only a wait to cancel.
        if (!close()) cancel()
        fallback.reset()
        start()
      }

      monitor.report('connecting')
      start()
      return {
        unsubscribe() {
          clearTimeout(backToBestTimer)
          monitor.report('idle')
          if (!close()) cancel()
          stopped = true
        },
      }
    },
  })
}

function hasTransientError(errors: NonNullable<Result['errors']>): boolean {
  return errors.some((error) => isTransient(errorCode(error.extensions)))
}
