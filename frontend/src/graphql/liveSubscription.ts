import type { SubscriptionForwarder } from '@urql/core'
import type { ConnectionMonitor } from './connection'
import { errorCode, passes } from './errorCodes'
import { Ladder } from './ladder'
import { scheduleRetry } from './retrySchedule'
import type { Result, Transport } from './transport'

/** A way that stays silent for so long does not work: a proxy may swallow what it does not know. */
const FIRST_RESULT_WITHIN_MS = 6_000
/** How long to stay with a lesser way before the best one gets another chance. */
const CLIMB_AFTER_MS = 60_000

/**
 * Subscriptions that never end by themselves. Whatever stops one (a lost or refused socket, any close code, a server
 * that completes its streams before it shuts down, a passing error) leads to the next try, by the same way or the next
 * best; only an error that will not pass, such as an unknown budget, is handed on. This is the one schedule of retries:
 * the transports have none of their own.
 */
export function liveSubscriptions(
  transports: readonly Transport[],
  monitor: ConnectionMonitor,
): SubscriptionForwarder {
  return ({ query = '', variables }) => ({
    subscribe(sink) {
      const ladder = new Ladder(transports.length)
      let attempt = 0
      let stopped = false
      let leave: () => void = () => undefined
      /** Ends the try that runs: from then on nothing that it says or waits for counts. */
      let close: () => boolean = () => true
      let climbing: ReturnType<typeof setTimeout> | undefined

      function start(): void {
        const transport = transports[ladder.rung]
        if (!transport) return
        const run = { over: false }
        const silent = setTimeout(again, FIRST_RESULT_WITHIN_MS)

        function again(): void {
          if (!closeThis()) return
          if (ladder.failed() === 'at-once') {
            start()
            return
          }
          monitor.report('reconnecting')
          leave = scheduleRetry(attempt, start)
          attempt += 1
        }

        function closeThis(): boolean {
          clearTimeout(silent)
          if (run.over || stopped) return false
          run.over = true
          leave()
          return true
        }

        function fail(errors: NonNullable<Result['errors']>): void {
          if (!closeThis()) return
          monitor.report('idle')
          sink.error(errors)
        }

        leave = () => undefined
        close = closeThis
        const unsubscribe = transport.subscribe(
          { query, variables: (variables ?? {}) as Record<string, unknown> },
          {
            next(result) {
              if (run.over || stopped) return
              if (result.errors) {
                if (mayPass(result.errors)) again()
                else fail(result.errors)
                return
              }
              clearTimeout(silent)
              attempt = 0
              ladder.delivered()
              monitor.report(transport.state)
              if (ladder.rung > 0) climbing ??= setTimeout(climb, CLIMB_AFTER_MS)
              sink.next({ data: result.data ?? null })
            },
            end(errors) {
              if (errors && !mayPass(errors)) fail(errors)
              else again()
            },
          },
        )
        // It may have ended before it said how to end it.
        if (run.over || stopped) unsubscribe()
        else leave = unsubscribe
      }

      function climb(): void {
        climbing = undefined
        // Between two tries there is nothing to close, only a wait to call off.
        if (stopped || ladder.rung === 0) return
        if (!close()) leave()
        ladder.climb()
        start()
      }

      monitor.report('connecting')
      start()
      return {
        unsubscribe() {
          clearTimeout(climbing)
          monitor.report('idle')
          if (!close()) leave()
          stopped = true
        },
      }
    },
  })
}

function mayPass(errors: NonNullable<Result['errors']>): boolean {
  return errors.some((error) => passes(errorCode(error.extensions)))
}
