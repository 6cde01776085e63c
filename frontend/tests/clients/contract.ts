import { expect, it } from 'vitest'
import { someoneGivesAllTo } from '../support/api'
import type { TestServer } from '../support/server'
import {
  expectRunning,
  LIVELY,
  next,
  ownServer,
  participants,
  patience,
  severalSignsOfLife,
  untilParticipants,
  WATCH,
  WATCH_SUBMISSIONS,
  type Result,
  type Running,
} from './support'

/** Subscribes to what a document selects of the budget `federal`; to return from the results is to unsubscribe. */
export type Watch = (document: string) => AsyncIterator<Result>

/** What every library that follows must do: `open` connects a new client to a server. */
export function itFollows(open: (server: TestServer) => Watch, running: Running): void {
  it('begins a subscription with the current numbers, goes on with newer ones, and ends it on the server', async () => {
    const server = await ownServer()
    const numbers = open(server)(WATCH)
    expect(await participants(numbers)).toBe(0)
    await someoneGivesAllTo(server, 'science')
    expect(await participants(numbers)).toBe(1)
    await expectRunning(server, { ...running, sharedSubscriptions: 1 })
    await numbers.return?.()
    await expectRunning(server, {})
  })
}

/** What a library must do whose one client may have several subscriptions; `one` and `two` is what then runs on the server. */
export function itFollowsTwo(open: (server: TestServer) => Watch, one: Running, two: Running): void {
  it('carries two subscriptions, and one ends without the other', async () => {
    const server = await ownServer()
    const watch = open(server)
    const numbers = watch(WATCH)
    const submissions = watch(WATCH_SUBMISSIONS)
    expect(await participants(numbers)).toBe(0)
    expect(await next(submissions)).toMatchObject({ data: { aggregate: { submissionCount: 0 } } })
    await expectRunning(server, { ...two, sharedSubscriptions: 2 })
    await submissions.return?.()
    await expectRunning(server, { ...one, sharedSubscriptions: 1 })
    await someoneGivesAllTo(server, 'science')
    expect(await participants(numbers)).toBe(1)
  })
}

/** What a library must do that tries again after a lost connection, with `pause` before each try. */
export function itGoesOnAfterARestart(
  open: (server: TestServer, pause: (tries: number) => Promise<void>) => Watch,
): void {
  it('goes on after a restart with what was submitted meanwhile', async () => {
    const server = await ownServer()
    const { pause, inVain } = patience()
    const numbers = open(server, pause)(WATCH)
    expect(await participants(numbers)).toBe(0)

    await server.down()
    await inVain
    await server.up()
    await someoneGivesAllTo(server, 'science')
    await untilParticipants(numbers, 1)
  })
}

/** What a library must do over a response that goes on, in which the server shows that it is alive. */
export function itTakesNoSignOfLifeForAResult(open: (server: TestServer) => Watch): void {
  it('takes no sign of life for a result', async () => {
    const server = await ownServer(LIVELY)
    const numbers = open(server)(WATCH)
    expect(await participants(numbers)).toBe(0)
    await severalSignsOfLife(server)
    await someoneGivesAllTo(server, 'science')
    expect(await participants(numbers)).toBe(1)
  })
}
