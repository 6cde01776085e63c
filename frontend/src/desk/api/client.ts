import { Client, fetchExchange, mapExchange, subscriptionExchange } from '@urql/core'
import type { Client as SocketClient } from 'graphql-ws'
import { ConnectionMonitor } from '../../graphql/connection'
import { errorCode } from '../../graphql/errorCodes'
import { liveSubscriptions } from '../../graphql/liveSubscription'
import { socketTransport } from '../../graphql/socketTransport'

const RESPONSE_TIMEOUT_MS = 20_000

/** There is no cache: two organisers work at the same time, and each screen asks anew. */
export function createDeskClient(onSignedOut: () => void): Client {
  let socket: Promise<SocketClient> | undefined
  return new Client({
    url: '/admin/graphql',
    preferGetMethod: false,
    exchanges: [
      mapExchange({
        onError(error) {
          if (error.graphQLErrors.some(({ extensions }) => errorCode(extensions) === 'UNAUTHENTICATED'))
            onSignedOut()
        },
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: liveSubscriptions(
          [socketTransport(() => (socket ??= openSocket()))],
          new ConnectionMonitor(),
        ),
      }),
    ],
    fetch: (input, init) => {
      const timeout = AbortSignal.timeout(RESPONSE_TIMEOUT_MS)
      return fetch(input, {
        ...init,
        signal: init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
      })
    },
  })
}

async function openSocket(): Promise<SocketClient> {
  const { createSocket, socketUrl } = await import('../../graphql/socket')
  return createSocket(socketUrl(window.location, '/admin/graphql/ws'))
}
