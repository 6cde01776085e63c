// @vitest-environment jsdom
import type { Client, Sink } from 'graphql-ws'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ConnectionMonitor } from './connection'
import { liveSubscriptions } from './liveSubscription'

const LONGER_THAN_ANY_DELAY_MS = 20_000

/** A socket client that records who subscribed and lets the test play the server. */
function fakeSocket() {
  const sinks: Sink[] = []
  const left: number[] = []
  const client = {
    subscribe(_payload: unknown, sink: Sink) {
      const index = sinks.push(sink) - 1
      return () => {
        left.push(index)
        sink.complete()
      }
    },
  } as unknown as Client
  return {
    client,
    left,
    count: () => sinks.length,
    server: () => {
      const sink = sinks.at(-1)
      if (!sink) throw new Error('nobody has subscribed')
      return sink
    },
  }
}

function watch(socket: ReturnType<typeof fakeSocket>) {
  const monitor = new ConnectionMonitor()
  const seen: unknown[] = []
  const failed: unknown[] = []
  const forward = liveSubscriptions(socket.client, monitor)
  const { unsubscribe } = forward(
    { query: 'subscription { x }', variables: {}, operationName: undefined, extensions: undefined },
    {} as never,
  ).subscribe({
    next: (result) => seen.push(result.data),
    error: (error) => failed.push(error),
    complete: () => undefined,
  })
  return { monitor, seen, failed, unsubscribe }
}

describe('a live subscription', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is connecting until the first message and then live', () => {
    const socket = fakeSocket()
    const { monitor, seen } = watch(socket)
    expect(monitor.current()).toBe('connecting')
    socket.server().next({ data: { x: 1 } })
    expect(monitor.current()).toBe('live')
    expect(seen).toEqual([{ x: 1 }])
  })

  it.each([
    [
      'the socket closes',
      (sink: Sink) => {
        sink.error({ code: 1006, reason: '' })
      },
    ],
    [
      'the server closes with a code that socket clients take as final',
      (sink: Sink) => {
        sink.error({ code: 1011, reason: '' })
      },
    ],
    [
      'the server completes the stream while it shuts down',
      (sink: Sink) => {
        sink.complete()
      },
    ],
    [
      'the server is overloaded',
      (sink: Sink) => {
        sink.error([{ extensions: { code: 'OVERLOADED' } }] as never)
      },
    ],
    [
      'a message carries a passing error',
      (sink: Sink) => {
        sink.next({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] as never })
      },
    ],
  ])('starts again when %s', (_what, happens) => {
    const socket = fakeSocket()
    const { monitor, seen, failed } = watch(socket)
    socket.server().next({ data: { x: 1 } })
    happens(socket.server())
    expect(monitor.current()).toBe('reconnecting')
    vi.advanceTimersByTime(LONGER_THAN_ANY_DELAY_MS)
    expect(socket.count()).toBe(2)
    socket.server().next({ data: { x: 2 } })
    expect(monitor.current()).toBe('live')
    expect(seen).toEqual([{ x: 1 }, { x: 2 }])
    expect(failed).toEqual([])
  })

  it('goes on trying for ever', () => {
    const socket = fakeSocket()
    watch(socket)
    for (let tries = 1; tries <= 50; tries += 1) {
      expect(socket.count()).toBe(tries)
      socket.server().error({ code: 1006, reason: '' })
      vi.advanceTimersByTime(LONGER_THAN_ANY_DELAY_MS)
    }
  })

  it('gives up on an error that will not pass', () => {
    const socket = fakeSocket()
    const { monitor, failed } = watch(socket)
    const errors = [{ message: 'No such budget', extensions: { code: 'NOT_FOUND' } }]
    socket.server().error(errors)
    vi.advanceTimersByTime(LONGER_THAN_ANY_DELAY_MS)
    expect(socket.count()).toBe(1)
    expect(failed).toEqual([errors])
    expect(monitor.current()).toBe('idle')
  })

  it('ends when nobody wants it any more, also while it waits to try again', () => {
    const socket = fakeSocket()
    const waiting = watch(socket)
    socket.server().error({ code: 1006, reason: '' })
    waiting.unsubscribe()
    vi.advanceTimersByTime(LONGER_THAN_ANY_DELAY_MS)
    expect(socket.count()).toBe(1)

    const running = watch(socket)
    running.unsubscribe()
    vi.advanceTimersByTime(LONGER_THAN_ANY_DELAY_MS)
    expect(socket.left).toContain(1)
    expect(socket.count()).toBe(2)
    expect(running.monitor.current()).toBe('idle')
  })

  it('is offline, not reconnecting, while the browser has no network', () => {
    const socket = fakeSocket()
    const { monitor } = watch(socket)
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    socket.server().next({ data: { x: 1 } })
    expect(monitor.current()).toBe('live')
    socket.server().error({ code: 1006, reason: '' })
    expect(monitor.current()).toBe('offline')
    onLine.mockReturnValue(true)
    window.dispatchEvent(new Event('online'))
    expect(socket.count()).toBe(2)
    expect(monitor.current()).toBe('reconnecting')
  })
})
