import {
  Client,
  fetchExchange,
  subscriptionExchange,
  type ClientOptions,
  type Exchange,
  type OperationResult,
} from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'
import { createClient as createEvents, NetworkError } from 'graphql-sse'
import { createClient as createSocket, type Sink } from 'graphql-ws'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { TestServer } from '../support/server'
import {
  itFollows,
  itFollowsTwo,
  itGoesOnAfterARestart,
  itTakesNoSignOfLifeForAResult,
  type Watch,
} from './contract'
import {
  iterate,
  next,
  NO_BUDGET,
  NOT_EVERYTHING,
  ownServer,
  participants,
  READ,
  READ_ANSWER,
  recordingFetch,
  sent,
  SUBMIT,
  SUBMIT_ANSWER,
  toScience,
  WATCH,
} from './support'

interface Options {
  readonly authorization?: string
  /** After a lost connection it is tried again, with this pause before each try. */
  readonly pause?: (tries: number) => Promise<void>
}

function socketUrl({ origin }: TestServer): string {
  return `${origin.replace('http', 'ws')}/graphql/ws`
}

function overSocket(server: TestServer, { authorization, pause }: Options = {}): Exchange {
  const client = createSocket({
    url: socketUrl(server),
    webSocketImpl: WebSocket,
    connectionParams: authorization ? { authorization } : {},
    ...(pause
      ? { retryAttempts: Infinity, retryWait: pause, shouldRetry: () => true }
      : { retryAttempts: 0 }),
  })
  onTestFinished(() => client.dispose())
  return forwarding((request, sink) => client.subscribe(request, sink))
}

function overEvents({ origin }: TestServer, { authorization, pause }: Options = {}): Exchange {
  const client = createEvents({
    url: `${origin}/graphql/stream`,
    headers: authorization ? { authorization } : {},
    ...(pause ? { retryAttempts: Infinity, retry: pause } : { retryAttempts: 0 }),
  })
  onTestFinished(() => {
    client.dispose()
  })
  return forwarding((request, sink) => client.subscribe(request, sink))
}

interface Forwarded {
  readonly query: string
  readonly variables: Record<string, unknown>
  readonly extensions: Record<string, unknown>
}

function forwarding(subscribe: (request: Forwarded, sink: Sink) => () => void): Exchange {
  return subscriptionExchange({
    forwardSubscription: ({ query = '', variables = {}, extensions = {} }) => ({
      subscribe: (sink) => ({ unsubscribe: subscribe({ query, variables, extensions }, sink) }),
    }),
  })
}

function connect({ origin }: TestServer, options: Partial<ClientOptions> = {}): Client {
  return new Client({
    url: `${origin}/graphql`,
    preferGetMethod: false,
    exchanges: [fetchExchange],
    ...options,
  })
}

function watch(client: Client, query = WATCH, budget = 'federal') {
  return iterate<OperationResult>((sink) => client.subscription(query, { budget }).subscribe(sink.next))
}

function watching(client: Client): Watch {
  return (query) => watch(client, query)
}

const socket = {
  way: 'graphql-ws',
  open: (server: TestServer, options?: Options) =>
    connect(server, { exchanges: [overSocket(server, options), fetchExchange] }),
  one: { websocket: 1, operations: 1 },
  two: { websocket: 1, operations: 2 },
}
const sse = {
  way: 'graphql-sse',
  open: (server: TestServer, options?: Options) =>
    connect(server, { exchanges: [overEvents(server, options), fetchExchange] }),
  one: { events: 1 },
  two: { events: 2 },
}
/** Its own readers, which know no retries. */
const events = {
  way: 'events by its own fetch',
  open: (server: TestServer) => connect(server, { fetchSubscriptions: true }),
  one: { events: 1 },
  two: { events: 2 },
}
const parts = {
  way: 'parts by its own fetch',
  open: (server: TestServer) =>
    connect(server, { fetchSubscriptions: true, fetchOptions: { headers: { accept: 'multipart/mixed' } } }),
  one: { multipart: 1 },
  two: { multipart: 2 },
}

describe.each([socket, sse, events, parts])('a subscription of urql over $way', ({ open, one, two }) => {
  itFollows((server) => watching(open(server)), one)
  itFollowsTwo((server) => watching(open(server)), one, two)

  it('reports an unknown budget and what is not valid as errors of GraphQL', async () => {
    const client = open(await ownServer())
    const { error } = await next(watch(client, WATCH, 'nowhere'))
    expect(error?.graphQLErrors).toMatchObject([NO_BUDGET])
    const { error: invalid } = await next(watch(client, 'subscription { nope }'))
    expect(invalid?.graphQLErrors).toMatchObject([
      { message: expect.stringContaining('nope') as string, extensions: { code: 'BAD_USER_INPUT' } },
    ])
  })
})

describe.each([socket, sse])('a subscription of urql over $way', ({ open }) => {
  itGoesOnAfterARestart((server, pause) => watching(open(server, { pause })))
})

// Not of parts: a sign of life is a part, for which urql shows its last result again.
describe.each([sse, events])('a subscription of urql over $way', ({ open }) => {
  itTakesNoSignOfLifeForAResult((server) => watching(open(server)))
})

describe('urql', () => {
  it('answers a query by GET or POST as it is told, and a mutation', async () => {
    const server = await ownServer()
    const { fetch, requests } = recordingFetch()
    for (const preferGetMethod of ['force', false] as const) {
      const client = connect(server, { fetch, preferGetMethod })
      expect((await client.query(READ, { slug: 'federal' })).data).toEqual(READ_ANSWER)
      expect((await client.mutation(SUBMIT, toScience(100))).data).toEqual(SUBMIT_ANSWER)
    }
    const list = await Promise.all(requests.map(sent))
    expect(list).toEqual(['GET query', 'POST query', 'POST query', 'POST query'])
  })

  it('sends a query once and then its hash by GET', async () => {
    const { fetch, requests } = recordingFetch()
    const client = connect(await ownServer(), { fetch, exchanges: [persistedExchange(), fetchExchange] })
    expect((await client.query(READ, { slug: 'federal' })).data).toEqual(READ_ANSWER)
    expect((await client.query(READ, { slug: 'federal' })).data).toEqual(READ_ANSWER)
    expect(await Promise.all(requests.map(sent))).toEqual(['GET hash', 'GET query and hash', 'GET hash'])
  })

  it('subscribes by hash once the server knows it', async () => {
    const server = await ownServer()
    const forwarded: Forwarded[] = []
    const socket = createSocket({ url: socketUrl(server), webSocketImpl: WebSocket })
    onTestFinished(() => socket.dispose())
    const client = connect(server, {
      exchanges: [
        persistedExchange({ enableForSubscriptions: true }),
        forwarding((request, sink) => {
          forwarded.push(request)
          return socket.subscribe(request, sink)
        }),
      ],
    })
    const unknown = watch(client)
    expect(await participants(unknown)).toBe(0)
    await unknown.return?.()
    expect(await participants(watch(client))).toBe(0)
    expect(forwarded.map(({ query }) => query !== '')).toEqual([false, true, false])
  })

  it('reports what is not valid and a bad allocation as errors of GraphQL', async () => {
    const client = connect(await ownServer())
    const invalid = await client.query('{ nope }', {})
    expect(invalid.error?.graphQLErrors).toMatchObject([
      { message: expect.stringContaining('nope') as string, extensions: { code: 'BAD_USER_INPUT' } },
    ])
    const bad = await client.mutation(SUBMIT, toScience(90))
    expect(bad.error?.graphQLErrors).toMatchObject([NOT_EVERYTHING])
  })
})

describe('urql with a bad token', () => {
  const authorization = 'Bearer nonsense'

  it('is told a status and an error of GraphQL', async () => {
    const client = connect(await ownServer(), {
      fetchOptions: { headers: { authorization } },
      fetchSubscriptions: true,
    })
    for (const { error } of [await client.query(READ, { slug: 'federal' }), await next(watch(client))]) {
      expect((error?.response as Response).status).toBe(401)
      expect(error?.graphQLErrors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    }
  })

  it('is told the code of the close over graphql-ws', async () => {
    const server = await ownServer()
    const client = connect(server, { exchanges: [overSocket(server, { authorization })] })
    const { error } = await next(watch(client))
    expect(error?.networkError).toMatchObject({ code: 4403 })
  })

  it('is told the status over graphql-sse', async () => {
    const server = await ownServer()
    const client = connect(server, { exchanges: [overEvents(server, { authorization })] })
    const { error } = await next(watch(client))
    expect(error?.networkError).toBeInstanceOf(NetworkError)
    expect(error?.networkError).toMatchObject({ response: { status: 401 } })
  })
})
