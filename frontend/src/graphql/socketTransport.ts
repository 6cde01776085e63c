import type { Client, Sink as SocketSink } from 'graphql-ws'
import type { Result, Transport } from './transport'

/** The graphql-transport-ws protocol. Its code is loaded with the first subscription. */
export function socketTransport(load: () => Promise<Client>): Transport {
  return {
    state: 'live',
    subscribe(request, sink) {
      let left = false
      let leave = () => {
        left = true
      }
      load().then(
        (client) => {
          if (!left) leave = client.subscribe({ ...request }, socketSink())
        },
        () => {
          if (!left) sink.end()
        },
      )
      return () => {
        leave()
      }

      function socketSink(): SocketSink {
        return {
          next(result) {
            sink.next(result as Result)
          },
          error(cause) {
            sink.end(Array.isArray(cause) ? (cause as Result['errors']) : undefined)
          },
          complete() {
            sink.end()
          },
        }
      }
    },
  }
}
