import { createClient, type Client, type ClientOptions } from 'graphql-ws'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, type ClientOptions as SocketOptions } from 'ws'
import { someoneGivesAllTo } from '../support/api'
import type { TestServer } from '../support/server'
import { itFollows, itFollowsTwo, itGoesOnAfterARestart } from './contract'
import {
  all,
  LIVELY,
  next,
  NO_BUDGET,
  NOT_EVERYTHING,
  ownServer,
  participants,
  READ,
  READ_ANSWER,
  rememberedToken,
  signal,
  SUBMIT,
  SUBMIT_ANSWER,
  toScience,
  untilParticipants,
  WATCH,
} from './support'

const FEDERAL = { query: WATCH, variables: { budget: 'federal' } }

function connect(server: TestServer, options: Partial<ClientOptions> = {}): Client {
  const url = `${server.origin.replace('http', 'ws')}/graphql/ws`
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options })
  onTestFinished(() => client.dispose())
  return client
}

describe('graphql-ws', () => {
  const open = (server: TestServer, options?: Partial<ClientOptions>) => {
    const client = connect(server, options)
    return (query: string) => client.iterate({ ...FEDERAL, query })
  }
  const one = { websocket: 1, operations: 1 }
  itFollows((server) => open(server), one)
  itFollowsTwo((server) => open(server), one, { websocket: 1, operations: 2 })
  itGoesOnAfterARestart((server, retryWait) =>
    open(server, { retryAttempts: Infinity, retryWait, shouldRetry: () => true }),
  )

  it('answers a query and a mutation once, and then they are complete', async () => {
    const client = connect(await ownServer())
    const read = client.iterate({ query: READ, variables: { slug: 'federal' } })
    expect(await all(read)).toEqual([{ data: READ_ANSWER }])
    const submitted = client.iterate({ query: SUBMIT, variables: toScience(100) })
    expect(await all(submitted)).toEqual([{ data: SUBMIT_ANSWER }])
  })

  it('reports what is not valid as errors of that operation, and the socket goes on', async () => {
    const server = await ownServer()
    const client = connect(server)
    const numbers = client.iterate(FEDERAL)
    expect(await participants(numbers)).toBe(0)
    await expect(next(client.iterate({ query: '{ nope }' }))).rejects.toMatchObject([
      { message: expect.stringContaining('nope') as string, extensions: { code: 'BAD_USER_INPUT' } },
    ])
    await someoneGivesAllTo(server, 'science')
    expect(await participants(numbers)).toBe(1)
  })

  it('reports a bad allocation in its result, and an unknown budget as errors of its subscription', async () => {
    const client = connect(await ownServer())
    const submitted = await all(client.iterate({ query: SUBMIT, variables: toScience(90) }))
    expect(submitted).toMatchObject([{ data: null, errors: [NOT_EVERYTHING] }])
    const nowhere = client.iterate({ query: WATCH, variables: { budget: 'nowhere' } })
    await expect(next(nowhere)).rejects.toMatchObject([NO_BUDGET])
  })

  it('is closed as forbidden after a bad token in the greeting', async () => {
    const client = connect(await ownServer(), { connectionParams: { authorization: 'Bearer nonsense' } })
    await expect(next(client.iterate(FEDERAL))).rejects.toMatchObject({
      code: 4403,
      reason: 'The bearer token is not valid',
    })
  })

  it('gets no socket for a bad token in a header', async () => {
    class Authorized extends WebSocket {
      constructor(url: string, protocol: string, options?: SocketOptions) {
        super(url, protocol, { ...options, headers: { authorization: 'Bearer nonsense' } })
      }
    }
    const client = connect(await ownServer(), { webSocketImpl: Authorized })
    await expect(next(client.iterate(FEDERAL))).rejects.toMatchObject({
      message: 'Unexpected server response: 401',
    })
  })

  it('is heard again when it comes back with a good token', async () => {
    const server = await ownServer()
    const tokens = ['nonsense', await rememberedToken(server)]
    const client = connect(server, {
      retryAttempts: 1,
      retryWait: () => Promise.resolve(),
      connectionParams: () => ({ authorization: `Bearer ${tokens.shift() ?? ''}` }),
    })
    expect(await next(client.iterate({ query: '{ viewer { participant } }' }))).toEqual({
      data: { viewer: { participant: expect.any(String) as string } },
    })
  })

  it('is told of a restart, and goes on with what was submitted meanwhile', async () => {
    const server = await ownServer()
    const { given: isBack, give: sayBack } = signal()
    const closed: unknown[] = []
    const client = connect(server, { retryAttempts: 1, retryWait: () => isBack })
    client.on('closed', (event) => closed.push(event))
    const numbers = client.iterate(FEDERAL)
    expect(await participants(numbers)).toBe(0)

    await server.down()
    expect(closed).toMatchObject([{ code: 1012, reason: 'restarting' }])
    await server.up()
    await someoneGivesAllTo(server, 'science')
    sayBack()
    await untilParticipants(numbers, 1)
  })

  it('answers pings and goes on', async () => {
    const server = await ownServer(LIVELY)
    const client = connect(server)
    const { given: isPingedAgain, give: sayPingedAgain } = signal()
    client.on('connected', (socket) => {
      ;(socket as WebSocket).once('ping', () => {
        ;(socket as WebSocket).once('ping', sayPingedAgain)
      })
    })
    const numbers = client.iterate(FEDERAL)
    expect(await participants(numbers)).toBe(0)
    // There would be no second ping without an answer to the first.
    await isPingedAgain
    await someoneGivesAllTo(server, 'science')
    expect(await participants(numbers)).toBe(1)
  })
})
