// @vitest-environment jsdom
import type { Client, Sink as SocketSink } from 'graphql-ws'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { eventTransport } from './eventTransport'
import { POLL_EVERY_MS, pollTransport } from './pollTransport'
import { socketTransport } from './socketTransport'
import type { Result } from './transport'

const request = { query: 'subscription { x }', variables: { budget: 'federal' } }

function recorder() {
  const seen: unknown[] = []
  return {
    seen,
    sink: {
      next: (result: Result) => seen.push(result.data),
      end: (errors?: unknown) => seen.push(['end', errors]),
    },
  }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('polling', () => {
  it('asks at once and then again and again until it is left', async () => {
    const { seen, sink } = recorder()
    let asked = 0
    const leave = pollTransport(() => Promise.resolve({ data: { x: (asked += 1) } })).subscribe(request, sink)
    await vi.advanceTimersByTimeAsync(1)
    expect(seen).toEqual([{ x: 1 }])
    await vi.advanceTimersByTimeAsync(POLL_EVERY_MS * 1.2)
    expect(seen).toEqual([{ x: 1 }, { x: 2 }])
    leave()
    await vi.advanceTimersByTimeAsync(POLL_EVERY_MS * 5)
    expect(asked).toBe(2)
  })

  it('ends when there is no answer', async () => {
    const { seen, sink } = recorder()
    pollTransport(() => Promise.reject(new Error('no network'))).subscribe(request, sink)
    await vi.advanceTimersByTimeAsync(1)
    expect(seen).toEqual([['end', undefined]])
  })
})

describe('server-sent events', () => {
  class FakeEventSource extends EventTarget {
    static last: FakeEventSource | undefined
    closed = false
    constructor(readonly url: string) {
      super()
      FakeEventSource.last = this
    }
    close() {
      this.closed = true
    }
  }

  it('bring results until they complete or break off, without retries of their own', () => {
    vi.stubGlobal('EventSource', FakeEventSource)
    for (const last of ['complete', 'error']) {
      const { seen, sink } = recorder()
      eventTransport('/graphql/stream').subscribe(request, sink)
      const source = FakeEventSource.last
      const asked = new URL(source?.url ?? '', 'http://localhost')
      expect(asked.searchParams.get('query')).toBe(request.query)
      expect(JSON.parse(asked.searchParams.get('variables') ?? '')).toEqual(request.variables)
      source?.dispatchEvent(new MessageEvent('next', { data: '{"data":{"x":1}}' }))
      source?.dispatchEvent(new Event(last))
      expect(seen).toEqual([{ x: 1 }, ['end', undefined]])
      expect(source?.closed).toBe(true)
    }
  })
})

describe('a socket', () => {
  it('hands on results and errors, and is left even while its code is still loading', async () => {
    const { seen, sink } = recorder()
    let server: SocketSink | undefined
    const subscribe = vi.fn((_request: unknown, given: SocketSink) => {
      server = given
      return () => undefined
    })
    const transport = socketTransport(() => Promise.resolve({ subscribe } as unknown as Client))
    transport.subscribe(request, sink)()
    await vi.advanceTimersByTimeAsync(1)
    expect(subscribe).not.toHaveBeenCalled()

    transport.subscribe(request, sink)
    await vi.advanceTimersByTimeAsync(1)
    server?.next({ data: { x: 1 } })
    const errors = [{ message: 'No such budget' }]
    server?.error(errors)
    server?.error({ code: 1006 })
    expect(seen).toEqual([{ x: 1 }, ['end', errors], ['end', undefined]])
  })

  it('ends when its code cannot be loaded', async () => {
    const { seen, sink } = recorder()
    socketTransport(() => Promise.reject(new Error('gone'))).subscribe(request, sink)
    await vi.advanceTimersByTimeAsync(1)
    expect(seen).toEqual([['end', undefined]])
  })
})
