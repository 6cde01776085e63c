import { createClient, NetworkError, type Client, type ClientOptions } from 'graphql-sse'
import { describe, expect, it, onTestFinished } from 'vitest'
import { someoneGivesAllTo } from '../support/api'
import type { TestServer } from '../support/server'
import { itFollows, itFollowsTwo, itGoesOnAfterARestart, itTakesNoSignOfLifeForAResult } from './contract'
import {
  all,
  next,
  NO_BUDGET,
  NOT_EVERYTHING,
  ownServer,
  participants,
  READ,
  READ_ANSWER,
  signal,
  SUBMIT,
  SUBMIT_ANSWER,
  toScience,
  WATCH,
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
  const open = (server: TestServer, options?: Partial<ClientOptions>) => {
    const client = connect(server, options)
    return (query: string) => client.iterate({ ...FEDERAL, query })
  }
  itFollows((server) => open(server), { events: 1 })
  itFollowsTwo((server) => open(server), { events: 1 }, { events: 2 })
  itGoesOnAfterARestart((server, retry) => open(server, { retryAttempts: Infinity, retry }))
  itTakesNoSignOfLifeForAResult((server) => open(server))

  it('answers a query and a mutation once, and then they are complete', async () => {
    const client = connect(await ownServer())
    const read = client.iterate({ query: READ, variables: { slug: 'federal' } })
    expect(await all(read)).toEqual([{ data: READ_ANSWER }])
    const submitted = client.iterate({ query: SUBMIT, variables: toScience(100) })
    expect(await all(submitted)).toEqual([{ data: SUBMIT_ANSWER }])
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
