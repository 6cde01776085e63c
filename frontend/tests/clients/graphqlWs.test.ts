import { createClient, type Client, type ClientOptions } from 'graphql-ws'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, type ClientOptions as SocketOptions } from 'ws'
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
  const url = `${server.origin.replace('http', 'ws')}/graphql/ws`
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options })
  onTestFinished(() => client.dispose())
  return client
}

describe('graphql-ws', () => {
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
    await expectRunning(server, { websocket: 1, operations: 1, feeds: 1 })
    await numbers.return?.()
    await expectRunning(server, {})
  })

  it('carries two subscriptions on one socket, and one ends without the other', async () => {
    const server = await ownServer()
    const client = connect(server)
    const numbers = client.iterate(FEDERAL)
    const submissions = client.iterate({ ...FEDERAL, query: WATCH_SUBMISSIONS })
    expect(await participants(numbers)).toBe(0)
    expect(await next(submissions)).toEqual({ data: { aggregate: { submissionCount: 0 } } })
    await expectRunning(server, { websocket: 1, operations: 2, feeds: 2 })
    await submissions.return?.()
    await expectRunning(server, { websocket: 1, operations: 1, feeds: 1 })
    await someoneGivesAllTo(server, 'science')
    expect(await participants(numbers)).toBe(1)
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

  it('keeps trying while there is no server', async () => {
    const server = await ownServer()
    const { pause, inVain } = patience()
    const numbers = connect(server, {
      retryAttempts: Infinity,
      retryWait: pause,
      shouldRetry: () => true,
    }).iterate(FEDERAL)
    expect(await participants(numbers)).toBe(0)

    await server.down()
    await inVain
    await server.up()
    await someoneGivesAllTo(server, 'science')
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

async function rememberedToken(server: TestServer): Promise<string> {
  const { input } = toScience(100)
  const response = await fetch(`${server.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: SUBMIT, variables: { input: { ...input, remember: true } } }),
  })
  const token = /^[^=]+=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1]
  if (!token) throw new Error('nobody was remembered')
  return token
}
