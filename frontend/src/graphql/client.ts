import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { ConnectionMonitor } from './connection'
import { liveSubscriptions } from './liveSubscription'
import { createSocket, socketUrl } from './socket'

const ANSWER_WITHIN_MS = 20_000

export const connectionMonitor = new ConnectionMonitor()

/** No cache on purpose: what matters here changes by the second, and each page asks for it once and then listens. */
export const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: liveSubscriptions(createSocket(socketUrl(window.location)), connectionMonitor),
    }),
  ],
  fetch: fetchWithin(ANSWER_WITHIN_MS),
})

function fetchWithin(limitMs: number): typeof fetch {
  return (input, init) => {
    const limit = AbortSignal.timeout(limitMs)
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit
    return fetch(input, { ...init, signal })
  }
}
