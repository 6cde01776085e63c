import { createClient, NetworkError, type Client, type ClientOptions } from 'graphql-sse'
import { describe, expect, it, onTestFinished } from 'vitest'
import { someoneGivesAllTo } from '../support/api'
import type { TestServer } from '../support/server'
import {
  all,
  expectRunning,
  LIVELY,
  next,
  NO_BUDGET,
  NOT_EVERYTHING,
  ownServer,
  participants,
  patience,
  READ,
  READ_ANSWER,
  severalSignsOfLife,
  signal,
  SUBMIT,
  SUBMIT_ANSWER,
  toScience,
  untilParticipants,
  WATCH,
  WATCH_SUBMISSIONS,
} from './support'

const FEDERAL = { query: WATCH, variables: { budget: 'federal' } }

function connect(server: TestServer, options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ url: `${server.origin}/graphql/stream`, retryAttempts: 0, ...options })
  onTestFinished(() => {
    client.dispose()
  })
  return client
}

describe('graphql-sse', () => {
  it('answers a query and a mutation once, and then they are complete', async () => {
    const client = connect(await ownServer())
    const read = client.iterate({ query: READ, variables: { slug: 'federal' } })
    expect(await all(read)).toEqual([{ data: READ_ANSWER }])
    const submitted = client.iterate({ query: SUBMIT, variables: toScience(100) })
    expect(await all(submitted)).toEqual([{ data: SUBMIT_ANSWER }])
  })

  it('begins a subscription with the current numbers, goes on with newer ones, and ends it on the server', async () => {
    const server = await ownServer()
    const numbers = connect(server).iterate(FEDERAL)
    expect(await participants(numbers)).toBe(0)
    await someoneGivesAllTo(server, 'science')
    expect(await participants(numbers)).toBe(1)
    await expectRunning(server, { events: 1, feeds: 1 })
    await numbers.return?.()
    await expectRunning(server, {})
  })

  it('gives each of two subscriptions a stream, and one ends without the other', async () => {
    const server = await ownServer()
    const client = connect(server)
    const numbers = client.iterate(FEDERAL)
    const submissions = client.iterate({ ...FEDERAL, query: WATCH_SUBMISSIONS })
    expect(await participants(numbers)).toBe(0)
    expect(await next(submissions)).toEqual({ data: { aggregate: { submissionCount: 0 } } })
    await expectRunning(server, { events: 2, feeds: 2 })
    await submissions.return?.()
    await expectRunning(server, { events: 1, feeds: 1 })
    await someoneGivesAllTo(server, 'science')
    expect(await participants(numbers)).toBe(1)
  })

  it('reports every error of GraphQL as the one result of its operation', async () => {
    const client = connect(await ownServer())
    expect(await all(client.iterate({ query: '{ nope }' }))).toMatchObject([
      {
        errors: [
          { message: expect.stringContaining('nope') as string, extensions: { code: 'BAD_USER_INPUT' } },
        ],
      },
    ])
    expect(await all(client.iterate({ query: SUBMIT, variables: toScience(90) }))).toMatchObject([
      { data: null, errors: [NOT_EVERYTHING] },
    ])
    expect(await all(client.iterate({ query: WATCH, variables: { budget: 'nowhere' } }))).toMatchObject([
      { errors: [NO_BUDGET] },
    ])
  })

  it('is refused with a status for a bad token', async () => {
    const client = connect(await ownServer(), { headers: { authorization: 'Bearer nonsense' } })
    const error: unknown = await next(client.iterate(FEDERAL)).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(NetworkError)
    const { response } = error as NetworkError<Response>
    expect(response?.status).toBe(401)
    expect(await response?.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })

  it('takes the end of a stream by a restart for a break, and goes on with what was submitted meanwhile', async () => {
    const server = await ownServer()
    const { pause, inVain } = patience()
    const numbers = connect(server, { retryAttempts: Infinity, retry: pause }).iterate(FEDERAL)
    expect(await participants(numbers)).toBe(0)

    await server.down()
    await inVain
    await server.up()
    await someoneGivesAllTo(server, 'science')
    await untilParticipants(numbers, 1)
  })

  it('takes no sign of life for a result', async () => {
    const server = await ownServer(LIVELY)
    const numbers = connect(server).iterate(FEDERAL)
    expect(await participants(numbers)).toBe(0)
    await severalSignsOfLife(server)
    await someoneGivesAllTo(server, 'science')
    expect(await participants(numbers)).toBe(1)
  })

  it('is not sent again what it says that it has seen', async () => {
    const server = await ownServer()
    const { given: isBack, give: sayBack } = signal()
    const { given: isConnected, give: sayConnected } = signal()
    let seen: Record<string, string> = {}
    const client = connect(server, {
      headers: () => seen,
      retryAttempts: 1,
      retry: () => isBack,
      on: {
        connected: (again) => {
          if (again) sayConnected()
        },
      },
    })
    const numbers = client.iterate<{ aggregate: { revision: string } }>(FEDERAL)
    const { data } = await next(numbers)
    seen = { 'last-event-id': data?.aggregate.revision ?? '' }

    await server.down()
    await server.up()
    sayBack()
    await isConnected
    await someoneGivesAllTo(server, 'science')
    expect(await participants(numbers)).toBe(1)
  })
})
