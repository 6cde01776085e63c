// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ConnectionMonitor } from './connection'
import { liveSubscriptions } from './liveSubscription'
import type { Sink, Transport } from './transport'

const LONGER_THAN_ANY_DELAY_MS = 20_000

/** A transport that records who subscribed and lets the test play the server. */
function fakeTransport(state: Transport['state'] = 'live') {
  const sinks: Sink[] = []
  const left: number[] = []
  const transport: Transport = {
    state,
    subscribe(_request, sink) {
      const index = sinks.push(sink) - 1
      return () => left.push(index)
    },
  }
  return {
    transport,
    left,
    count: () => sinks.length,
    server: () => {
      const sink = sinks.at(-1)
      if (!sink) throw new Error('nobody has subscribed')
      return sink
    },
  }
}

function watch(...fakes: ReturnType<typeof fakeTransport>[]) {
  const monitor = new ConnectionMonitor()
  const seen: unknown[] = []
  const failed: unknown[] = []
  const forward = liveSubscriptions(
    fakes.map(({ transport }) => transport),
    monitor,
  )
  const { unsubscribe } = forward({ query: 'subscription { x }', variables: {} }).subscribe({
    next: (result) => seen.push(result.data),
    error: (error) => failed.push(error),
  })
  return { monitor, seen, failed, unsubscribe }
}

function nextTry({ count }: ReturnType<typeof fakeTransport>): void {
  const before = count()
  for (let waited = 0; waited < LONGER_THAN_ANY_DELAY_MS && count() === before; waited += 100) {
    vi.advanceTimersByTime(100)
  }
  expect(count()).toBe(before + 1)
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a live subscription', () => {
  it('is connecting until the first message and then live', () => {
    const socket = fakeTransport()
    const { monitor, seen } = watch(socket)
    expect(monitor.current()).toBe('connecting')
    socket.server().next({ data: { x: 1 } })
    expect(monitor.current()).toBe('live')
    expect(seen).toEqual([{ x: 1 }])
  })

  it.each([
    [
      'it ends without a word, whatever the reason',
      (sink: Sink) => {
        sink.end()
      },
    ],
    [
      'the server is overloaded',
      (sink: Sink) => {
        sink.end([{ extensions: { code: 'OVERLOADED' } }])
      },
    ],
    [
      'a message carries a passing error',
      (sink: Sink) => {
        sink.next({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] })
      },
    ],
  ])('starts again when %s', (_what, happens) => {
    const socket = fakeTransport()
    const { monitor, seen, failed } = watch(socket)
    socket.server().next({ data: { x: 1 } })
    happens(socket.server())
    expect(monitor.current()).toBe('reconnecting')
    nextTry(socket)
    socket.server().next({ data: { x: 2 } })
    expect(monitor.current()).toBe('live')
    expect(seen).toEqual([{ x: 1 }, { x: 2 }])
    expect(failed).toEqual([])
  })

  it('goes on trying for ever', () => {
    const socket = fakeTransport()
    watch(socket)
    for (let tries = 1; tries <= 50; tries += 1) {
      socket.server().end()
      nextTry(socket)
    }
  })

  it('gives up on an error that will not pass', () => {
    const socket = fakeTransport()
    const { monitor, failed } = watch(socket)
    const errors = [{ message: 'No such budget', extensions: { code: 'NOT_FOUND' } }]
    socket.server().end(errors)
    vi.advanceTimersByTime(LONGER_THAN_ANY_DELAY_MS)
    expect(socket.count()).toBe(1)
    expect(failed).toEqual([errors])
    expect(monitor.current()).toBe('idle')
  })

  it('ends when nobody wants it any more, also while it waits to try again', () => {
    const socket = fakeTransport()
    const waiting = watch(socket)
    socket.server().end()
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
    const socket = fakeTransport()
    const { monitor } = watch(socket)
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    socket.server().next({ data: { x: 1 } })
    expect(monitor.current()).toBe('live')
    socket.server().end()
    expect(monitor.current()).toBe('offline')
    onLine.mockReturnValue(true)
    window.dispatchEvent(new Event('online'))
    expect(socket.count()).toBe(2)
    expect(monitor.current()).toBe('reconnecting')
  })
})

describe('where the best transport is blocked', () => {
  it('the next is taken at once, and said when it is only polling', () => {
    const [socket, events, polling] = [fakeTransport(), fakeTransport(), fakeTransport('polling')]
    const { monitor, seen } = watch(socket, events, polling)
    socket.server().end()
    events.server().end()
    expect(monitor.current()).toBe('connecting')
    polling.server().next({ data: { x: 1 } })
    expect(monitor.current()).toBe('polling')
    expect(seen).toEqual([{ x: 1 }])
  })

  it('silence counts as blocked', () => {
    const [socket, events] = [fakeTransport(), fakeTransport()]
    watch(socket, events)
    vi.advanceTimersByTime(5000)
    expect(events.count()).toBe(0)
    vi.advanceTimersByTime(2000)
    expect([socket.left, events.count()]).toEqual([[0], 1])
  })

  it('gets another chance after a while', () => {
    const [socket, polling] = [fakeTransport(), fakeTransport('polling')]
    const { monitor } = watch(socket, polling)
    socket.server().end()
    polling.server().next({ data: { x: 1 } })
    vi.advanceTimersByTime(61_000)
    expect([socket.count(), polling.left]).toEqual([2, [0]])
    expect(monitor.current()).toBe('polling')
    socket.server().next({ data: { x: 2 } })
    expect(monitor.current()).toBe('live')
  })

  it('is not disturbed by what an earlier try still says or still waits for', () => {
    const [socket, polling] = [fakeTransport(), fakeTransport('polling')]
    const { monitor } = watch(socket, polling)
    socket.server().end()
    polling.server().next({ data: { x: 1 } })
    const earlier = polling.server()
    vi.advanceTimersByTime(61_000)
    socket.server().next({ data: { x: 2 } })
    // As a graphql-ws client does when it is left.
    earlier.end()
    vi.advanceTimersByTime(LONGER_THAN_ANY_DELAY_MS)
    expect([socket.count(), monitor.current()]).toEqual([2, 'live'])
  })

  it('is not left again when it has come back by itself', () => {
    const [socket, polling] = [fakeTransport(), fakeTransport('polling')]
    const { monitor } = watch(socket, polling)
    socket.server().end()
    polling.server().next({ data: { x: 1 } })
    polling.server().end()
    nextTry(polling)
    polling.server().end()
    nextTry(polling)
    polling.server().end()
    nextTry(socket)
    socket.server().next({ data: { x: 2 } })
    vi.advanceTimersByTime(120_000)
    expect([socket.count(), monitor.current()]).toEqual([2, 'live'])
  })

  it('has its own time to answer, whatever the try before it had left', () => {
    const [socket, polling] = [fakeTransport(), fakeTransport('polling')]
    const { monitor } = watch(socket, polling)
    socket.server().end()
    polling.server().next({ data: { x: 1 } })
    vi.advanceTimersByTime(58_000)
    polling.server().end()
    vi.advanceTimersByTime(1000)
    expect(polling.count()).toBe(2)
    vi.advanceTimersByTime(1500)
    expect(socket.count()).toBe(2)
    socket.server().next({ data: { x: 2 } })
    vi.advanceTimersByTime(10_000)
    expect([socket.count(), monitor.current()]).toEqual([2, 'live'])
  })
})
