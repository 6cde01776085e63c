import { createClient, type Client } from 'graphql-ws'

const PING_EVERY_MS = 10_000
const PONG_TIMEOUT_MS = 5_000
/** Long enough to keep the socket while going from one page to the next. */
const UNUSED_TIMEOUT_MS = 3_000

export function socketUrl(location: Location, path = '/graphql/ws'): string {
  const url = new URL(path, location.href)
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}

export function createSocket(url: string): Client {
  let overdue: ReturnType<typeof setTimeout> | undefined
  const client = createClient({
    url,
    retryAttempts: 0,
    lazyCloseTimeout: UNUSED_TIMEOUT_MS,
    keepAlive: PING_EVERY_MS,
    on: {
      ping(received) {
        // A connection can die without a close (sleep, a lost route); then a ping without a pong is the only sign.
        if (!received)
          overdue = setTimeout(() => {
            client.terminate()
          }, PONG_TIMEOUT_MS)
      },
      pong(received) {
        if (received) clearTimeout(overdue)
      },
      closed() {
        clearTimeout(overdue)
      },
    },
  })
  return client
}
