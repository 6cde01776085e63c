import type { SubscriptionForwarder } from '@urql/core'
import type { Client as SocketClient } from 'graphql-ws'
import type { ConnectionMonitor } from './connection'
import { errorCode, passes } from './errorCodes'
import { scheduleRetry } from './retrySchedule'

interface WithExtensions {
  readonly extensions?: unknown
}

/**
 * Subscriptions that never end by themselves. Whatever stops one (a lost or refused socket, any close code, a server
 * that completes its streams before it shuts down, a passing error) leads to the same jittered retry; only an error
 * that will not pass, such as an unknown budget, is handed on. The socket client's own retries are off: they give up on
 * some close codes and don't cover a completed stream, and two schedules would fight.
 */
export function liveSubscriptions(socket: SocketClient, monitor: ConnectionMonitor): SubscriptionForwarder {
  return (request) => ({
    subscribe(sink) {
      let attempt = 0
      let stopped = false
      let leave: () => void = () => undefined

      function start(): void {
        let over = false
        function again(): void {
          if (over || stopped) return
          over = true
          monitor.report('reconnecting')
          const unsubscribe = leave
          leave = scheduleRetry(attempt, start)
          attempt += 1
          unsubscribe()
        }
        function finish(errors: readonly WithExtensions[]): void {
          if (over || stopped) return
          over = true
          monitor.report('idle')
          sink.error(errors)
        }

        leave = socket.subscribe(
          { query: request.query ?? '', variables: variablesOf(request.variables) },
          {
            next(result) {
              if (stopped || over) return
              if (result.errors) {
                if (mayPass(result.errors)) again()
                else finish(result.errors)
                return
              }
              attempt = 0
              monitor.report('live')
              sink.next({ data: result.data ?? null })
            },
            error(cause) {
              if (Array.isArray(cause) && !mayPass(cause as WithExtensions[]))
                finish(cause as WithExtensions[])
              else again()
            },
            complete: again,
          },
        )
      }

      monitor.report('connecting')
      start()
      return {
        unsubscribe() {
          stopped = true
          monitor.report('idle')
          leave()
        },
      }
    },
  })
}

function mayPass(errors: readonly WithExtensions[]): boolean {
  return errors.some((error) => passes(errorCode(error.extensions)))
}

function variablesOf(variables: unknown): Record<string, unknown> {
  return (variables ?? {}) as Record<string, unknown>
}
