import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import type { Client as SocketClient } from 'graphql-ws'
import { ServerClock } from '../domain/serverClock'
import { PolledAggregate } from '../live/snapshot'
import { ConnectionMonitor } from './connection'
import { eventTransport } from './eventTransport'
import { liveSubscriptions } from './liveSubscription'
import { pollTransport } from './pollTransport'
import { socketTransport } from './socketTransport'
import type { Result } from './transport'

const ANSWER_WITHIN_MS = 20_000

export const connectionMonitor = new ConnectionMonitor()

/** By the responses of this client. */
export const serverClock = new ServerClock()

/** One for the whole page, made when it is first needed. */
let socket: Promise<SocketClient> | undefined

async function openSocket(): Promise<SocketClient> {
  const { createSocket, socketUrl } = await import('./socket')
  return createSocket(socketUrl(window.location))
}

/** Best first. What is polled is what the page's one subscription, the aggregate of a budget, would bring. */
const transports = [
  socketTransport(() => (socket ??= openSocket())),
  eventTransport('/graphql/stream'),
  pollTransport(({ budget }) => pollAggregate(String(budget))),
]

/** No cache on purpose: what matters here changes by the second, and each page asks for it once and then listens. */
export const client: Client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  exchanges: [
    fetchExchange,
    subscriptionExchange({ forwardSubscription: liveSubscriptions(transports, connectionMonitor) }),
  ],
  fetch: fetchWithin(ANSWER_WITHIN_MS),
})

async function pollAggregate(budget: string): Promise<Result> {
  const { data, error } = await client.query(PolledAggregate, { budget }).toPromise()
  if (error?.networkError) throw error.networkError
  if (error) return { errors: error.graphQLErrors }
  const aggregate = data?.budget?.aggregate
  // Where the subscription would refuse, the query answers with nothing.
  return aggregate ? { data: { aggregate } } : { errors: [{ extensions: { code: 'RESULTS_HIDDEN' } }] }
}

function fetchWithin(limitMs: number): typeof fetch {
  return async (input, init) => {
    const limit = AbortSignal.timeout(limitMs)
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit
    const askedAt = Date.now()
    const response = await fetch(input, { ...init, signal })
    serverClock.hear(response.headers.get('date'), askedAt, Date.now())
    return response
  }
}
