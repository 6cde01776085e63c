import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import type { Client as SocketClient } from 'graphql-ws'
import { ConnectionMonitor } from './connection'
import { eventTransport } from './eventTransport'
import { liveSubscriptions } from './liveSubscription'
import { pollTransport } from './pollTransport'
import { ServerClock } from './serverClock'
import { socketTransport } from './socketTransport'
import { timedFetch } from './timedFetch'
import type { Request, Result } from './transport'

export const connectionMonitor = new ConnectionMonitor()

/** Set by the responses of the client. */
export const serverClock = new ServerClock()

/** Asks once for what the page's one subscription would push. */
export type Poll = (client: Client, variables: Request['variables']) => Promise<Result>

/** There is no cache: the numbers change by the second, and each page asks for them once and then subscribes. */
export function createClient(poll: Poll): Client {
  /** One WebSocket for the whole page, opened with the first subscription. */
  let socket: Promise<SocketClient> | undefined
  // Best first.
  const transports = [
    socketTransport(() => (socket ??= openSocket())),
    eventTransport('/graphql/stream'),
    pollTransport((variables) => poll(client, variables)),
  ]
  const client: Client = new Client({
    url: '/graphql',
    preferGetMethod: false,
    exchanges: [
      fetchExchange,
      subscriptionExchange({ forwardSubscription: liveSubscriptions(transports, connectionMonitor) }),
    ],
    fetch: timedFetch(serverClock),
  })
  return client
}

async function openSocket(): Promise<SocketClient> {
  const { createSocket, socketUrl } = await import('./socket')
  return createSocket(socketUrl(window.location))
}
