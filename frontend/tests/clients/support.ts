import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { TestServer } from '../support/server'

export const READ = 'query Read($slug: String!) { budget(slug: $slug) { slug status } }'
export const READ_ANSWER = { budget: { slug: 'federal', status: 'OPEN' } }

export const SUBMIT = `mutation Submit($input: SubmitAllocationInput!) {
  submitAllocation(input: $input) { submission { budget { slug } } }
}`
export const SUBMIT_ANSWER = { submitAllocation: { submission: { budget: { slug: 'federal' } } } }

export const WATCH = `subscription Watch($budget: String!) {
  aggregate(budget: $budget) { revision participantCount }
}`

/** Asks something else than `WATCH`, so that the server shares nothing between the two. */
export const WATCH_SUBMISSIONS = `subscription WatchSubmissions($budget: String!) {
  aggregate(budget: $budget) { submissionCount }
}`

/** What every library's result has in common. */
export interface Result {
  readonly data?: unknown
}

/** An allocation; it is valid when science gets everything. */
export function toScience(percent: number) {
  return { input: { budget: 'federal', shares: [{ category: 'science', percent }] } }
}

/** What is answered to an allocation that leaves something over. */
export const NOT_EVERYTHING = {
  extensions: { code: 'BAD_USER_INPUT', violations: [{ path: 'shares', rule: 'SUM' }] },
}

/** What is answered to who watches a budget that there is not. */
export const NO_BUDGET = { path: ['aggregate'], extensions: { code: 'NOT_FOUND' } }

/** Submits, as the participant of this token if there is one. */
export function submit({ origin }: TestServer, variables: unknown, token?: string): Promise<Response> {
  return fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: SUBMIT, variables }),
  })
}

/** Submits and is remembered: the participant's token. */
export async function rememberedToken(server: TestServer): Promise<string> {
  const { input } = toScience(100)
  const response = await submit(server, { input: { ...input, remember: true } })
  const token = /^[^=]+=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1]
  if (!token) throw new Error('nobody was remembered')
  return token
}

/** A server for one test, which goes with it. */
export async function ownServer(settings?: Readonly<Record<string, string>>): Promise<TestServer> {
  const server = await TestServer.start(settings)
  onTestFinished(() => server.remove())
  return server
}

const NOTHING = { websocket: 0, events: 0, multipart: 0, operations: 0, sharedSubscriptions: 0 }

/** How much of what runs on a server. */
export type Running = Partial<typeof NOTHING>

/** Waits until the server says that just this runs on it. */
export async function expectRunning(server: TestServer, expected: Running): Promise<void> {
  await expect
    .poll(() => running(server), { interval: 10, timeout: 3000 })
    .toEqual({ ...NOTHING, ...expected })
}

async function running(server: TestServer): Promise<typeof NOTHING> {
  const text = await (await fetch(`${server.origin}/metrics`)).text()
  const gauges = new Map(text.split('\n').map((line) => line.split(' ') as [string, string]))
  const gauge = (name: string) => Number(gauges.get(`taxbudget_${name}`))
  return {
    websocket: gauge('open_streams{transport="websocket"}'),
    events: gauge('open_streams{transport="events"}'),
    multipart: gauge('open_streams{transport="multipart"}'),
    operations: gauge('socket_operations'),
    sharedSubscriptions: gauge('shared_subscriptions'),
  }
}

/** A server that shows often that it is alive, yet leaves a busy client time to answer. */
export const LIVELY = { TAXBUDGET_KEEP_ALIVE_MS: '300' }

/** Waits until whoever has subscribed before was shown that the server is alive, and more than once. */
export async function severalSignsOfLife({ origin }: TestServer): Promise<void> {
  const query = new URLSearchParams({ query: WATCH, variables: '{"budget":"federal"}' })
  const { body } = await fetch(`${origin}/graphql/stream?${query.toString()}`)
  let text = ''
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    // One comes at the very beginning.
    if (text.split(':\n\n').length > 3) break
  }
}

/** What a library waits for before each new try, and when a try has been in vain. */
export function patience(): {
  readonly pause: (tries: number) => Promise<void>
  readonly inVain: Promise<void>
} {
  const { given: inVain, give: sayInVain } = signal()
  return {
    inVain,
    pause: async (tries) => {
      if (tries > 0) sayInVain()
      await setTimeout(20)
    },
  }
}

/** Something to wait for, and what ends the waiting. */
export function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give!: () => void
  const given = new Promise<void>((done) => {
    give = done
  })
  return { given, give }
}

export async function next<T>(results: AsyncIterator<T>): Promise<T> {
  const result = await results.next()
  if (result.done) throw new Error('there are no more results')
  return result.value
}

export async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const result of results) list.push(result)
  return list
}

export async function participants(results: AsyncIterator<Result>): Promise<number> {
  const { data } = await next(results)
  return (data as { aggregate: { participantCount: number } }).aggregate.participantCount
}

/** Reads on to the results with so many participants: a publication may still be on its way. */
export async function untilParticipants(results: AsyncIterator<Result>, wanted: number): Promise<void> {
  let count
  do count = await participants(results)
  while (count < wanted)
  expect(count).toBe(wanted)
}

export interface Sink<T> {
  readonly next: (result: T) => void
  readonly error: (reason: unknown) => void
  readonly complete: () => void
}

/** What a library calls back with, to be awaited one by one; to return from it is to unsubscribe. */
export function iterate<T>(
  subscribe: (sink: Sink<T>) => { unsubscribe: () => void },
): AsyncIterableIterator<T> {
  let subscription: { unsubscribe: () => void }
  const results = new ReadableStream<T>({
    start(controller) {
      subscription = subscribe({
        next: (result) => {
          controller.enqueue(result)
        },
        error: (reason) => {
          controller.error(reason)
        },
        complete: () => {
          controller.close()
        },
      })
    },
    cancel() {
      subscription.unsubscribe()
    },
  })
  // What is left open would try again for ever, and might find another test's server at the same port.
  onTestFinished(() => {
    subscription.unsubscribe()
  })
  return results.values()
}

/** Calls `fetch` and writes down each request as it went out. */
export function recordingFetch(): { readonly fetch: typeof fetch; readonly requests: Request[] } {
  const requests: Request[] = []
  return {
    requests,
    fetch: (input, init) => {
      const request = new Request(input, init)
      requests.push(request.clone())
      return fetch(request)
    },
  }
}

/** How a request was sent, and whether it named its query or only a hash. */
export async function sent(request: Request): Promise<string> {
  const { method, url } = request
  const body =
    method === 'GET' ? parameters(url) : ((await request.clone().json()) as Record<string, unknown>)
  const { query, extensions } = body
  const hash = JSON.stringify(extensions ?? '').includes('sha256Hash') && 'hash'
  return `${method} ${[query && 'query', hash].filter(Boolean).join(' and ')}`
}

function parameters(url: string): Record<string, unknown> {
  return Object.fromEntries(new URL(url).searchParams)
}
