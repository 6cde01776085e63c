import { createHash } from 'node:crypto'
import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
  ServerError,
} from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { RetryLink } from '@apollo/client/link/retry'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { createClient } from 'graphql-ws'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
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

// The link looks at this name to tell errors apart; Node has it since 22.
vi.stubGlobal('WebSocket', WebSocket)

interface Options {
  readonly authorization?: string
  /** After a lost connection it is tried again, with this pause before each try. */
  readonly pause?: (tries: number) => Promise<void>
}

function overHttp({ origin }: TestServer, { authorization, pause }: Options = {}): ApolloLink {
  const http = new HttpLink({ uri: `${origin}/graphql`, headers: authorization ? { authorization } : {} })
  if (!pause) return http
  const retry = new RetryLink({ delay: () => 0, attempts: (losses) => pause(losses - 1).then(() => true) })
  return retry.concat(http)
}

function overWebSocket({ origin }: TestServer, { authorization, pause }: Options = {}): ApolloLink {
  const socket = createClient({
    url: `${origin.replace('http', 'ws')}/graphql/ws`,
    connectionParams: authorization ? { authorization } : {},
    ...(pause
      ? { retryAttempts: Infinity, retryWait: pause, shouldRetry: () => true }
      : { retryAttempts: 0 }),
  })
  onTestFinished(() => socket.dispose())
  return new GraphQLWsLink(socket)
}

function connect(link: ApolloLink): ApolloClient {
  const client = new ApolloClient({
    link,
    cache: new InMemoryCache(),
    defaultOptions: { query: { fetchPolicy: 'no-cache' }, mutate: { fetchPolicy: 'no-cache' } },
  })
  onTestFinished(() => {
    client.stop()
  })
  return client
}

function watch(client: ApolloClient, query = WATCH, budget = 'federal') {
  return iterate<ApolloClient.SubscribeResult>((sink) =>
    client.subscribe({ query: gql(query), variables: { budget }, fetchPolicy: 'no-cache' }).subscribe(sink),
  )
}

function watching(link: ApolloLink): Watch {
  const client = connect(link)
  return (query) => watch(client, query)
}

const ways = [
  { way: 'HTTP and parts', open: overHttp, one: { multipart: 1 }, two: { multipart: 2 } },
  {
    way: 'a WebSocket',
    open: overWebSocket,
    one: { websocket: 1, operations: 1 },
    two: { websocket: 1, operations: 2 },
  },
]

describe.each(ways)('Apollo Client over $way', ({ open, one, two }) => {
  // A reader of parts that waits for the next one before it takes one for complete would show each a publication late.
  itFollows((server) => watching(open(server)), one)
  itFollowsTwo((server) => watching(open(server)), one, two)
  itGoesOnAfterARestart((server, pause) => watching(open(server, { pause })))

  it('answers a query and a mutation', async () => {
    const client = connect(open(await ownServer()))
    const read = await client.query({ query: gql(READ), variables: { slug: 'federal' } })
    expect(read.data).toMatchObject(READ_ANSWER)
    const submitted = await client.mutate({ mutation: gql(SUBMIT), variables: toScience(100) })
    expect(submitted.data).toMatchObject(SUBMIT_ANSWER)
  })

  it('reports what is not valid, a bad allocation and an unknown budget as errors of GraphQL', async () => {
    const client = connect(open(await ownServer()))
    const invalid = await failure(client.query({ query: gql('{ nope }') }))
    expect(CombinedGraphQLErrors.is(invalid) && invalid.errors).toMatchObject([
      { message: expect.stringContaining('nope') as string, extensions: { code: 'BAD_USER_INPUT' } },
    ])
    const bad = await failure(client.mutate({ mutation: gql(SUBMIT), variables: toScience(90) }))
    expect(CombinedGraphQLErrors.is(bad) && bad.errors).toMatchObject([NOT_EVERYTHING])
    const { error } = await next(watch(client, WATCH, 'nowhere'))
    expect(CombinedGraphQLErrors.is(error) && error.errors).toMatchObject([NO_BUDGET])
    const { error: invalidToWatch } = await next(watch(client, 'subscription { nope }'))
    expect(CombinedGraphQLErrors.is(invalidToWatch) && invalidToWatch.errors).toMatchObject([
      { message: expect.stringContaining('nope') as string, extensions: { code: 'BAD_USER_INPUT' } },
    ])
  })
})

describe('Apollo Client over HTTP and parts', () => {
  itTakesNoSignOfLifeForAResult((server) => watching(overHttp(server)))
})

describe('Apollo Client with a bad token', () => {
  const authorization = 'Bearer nonsense'

  it('is told a status over HTTP', async () => {
    const client = connect(overHttp(await ownServer(), { authorization }))
    const { error: toWatch } = await next(watch(client))
    for (const error of [
      toWatch,
      await failure(client.query({ query: gql('{ viewer { participant } }') })),
    ]) {
      if (!ServerError.is(error)) throw new Error('no error of the server', { cause: error })
      expect(error.statusCode).toBe(401)
      expect(JSON.parse(error.bodyText)).toMatchObject({
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      })
    }
  })

  it('is told the code of the close over a WebSocket', async () => {
    const client = connect(overWebSocket(await ownServer(), { authorization }))
    const { error } = await next(watch(client))
    expect(error?.message).toBe('Socket closed with event 4403 The bearer token is not valid')
  })
})

describe('Apollo Client with persisted queries', () => {
  function persisted({ origin }: TestServer) {
    const { fetch, requests } = recordingFetch()
    const hash = new PersistedQueryLink({
      sha256: (query) => createHash('sha256').update(query).digest('hex'),
      useGETForHashedQueries: true,
    })
    const client = connect(hash.concat(new HttpLink({ uri: `${origin}/graphql`, fetch })))
    return { client, requests }
  }

  it('sends a query once and then its hash by GET', async () => {
    const { client, requests } = persisted(await ownServer())
    const ask = () => client.query({ query: gql(READ), variables: { slug: 'federal' } })
    expect((await ask()).data).toMatchObject(READ_ANSWER)
    expect(await Promise.all(requests.map(sent))).toEqual(['GET hash', 'POST query and hash'])
    expect((await ask()).data).toMatchObject(READ_ANSWER)
    expect(await Promise.all(requests.slice(2).map(sent))).toEqual(['GET hash'])
  })

  it('sends a mutation once and then its hash by POST', async () => {
    const { client, requests } = persisted(await ownServer())
    const submit = () => client.mutate({ mutation: gql(SUBMIT), variables: toScience(100) })
    expect((await submit()).data).toMatchObject(SUBMIT_ANSWER)
    expect((await submit()).data).toMatchObject(SUBMIT_ANSWER)
    expect(await Promise.all(requests.map(sent))).toEqual(['POST hash', 'POST query and hash', 'POST hash'])
  })

  it('subscribes by hash', async () => {
    const { client, requests } = persisted(await ownServer())
    const unknown = watch(client)
    expect(await participants(unknown)).toBe(0)
    await unknown.return?.()
    const known = watch(client)
    expect(await participants(known)).toBe(0)
    expect(await Promise.all(requests.map(sent))).toEqual(['GET hash', 'POST query and hash', 'GET hash'])
  })
})

function failure(answer: Promise<unknown>): Promise<unknown> {
  return answer.then(
    () => undefined,
    (reason: unknown) => reason,
  )
}
