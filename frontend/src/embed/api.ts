import { ConnectionMonitor } from '../graphql/connection'
import { eventTransport } from '../graphql/eventTransport'
import { liveSubscriptions } from '../graphql/liveSubscription'
import { pollTransport } from '../graphql/pollTransport'
import { ServerClock } from '../graphql/serverClock'
import { socketTransport } from '../graphql/socketTransport'
import { timedFetch } from '../graphql/timedFetch'
import type { Result } from '../graphql/transport'
import type { TypedDocumentString } from './gql/graphql'
import { ResultsQuery } from './operations'
import { sentText } from './sentText'

export const connectionMonitor = new ConnectionMonitor()
export const serverClock = new ServerClock()

const fetchInTime = timedFetch(serverClock)

interface Answer<Data> {
  readonly data?: Data | null
  readonly errors?: NonNullable<Result['errors']>
}

/** Asks as nobody: a frame sends no cookie, also where it stands on a page of the same site. */
export async function ask<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Answer<Data>> {
  const response = await fetchInTime('/graphql', {
    method: 'POST',
    credentials: 'omit',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: sentText(document), variables }),
  })
  return (await response.json()) as Answer<Data>
}

export const subscriptions = liveSubscriptions(
  [
    socketTransport(async () => {
      const { createSocket, socketUrl } = await import('../graphql/socket')
      return createSocket(socketUrl(window.location))
    }),
    eventTransport('/graphql/stream'),
    pollTransport(async ({ budget }) => {
      const { data, errors } = await ask(ResultsQuery, { budget: String(budget) })
      if (errors) return { errors }
      const aggregate = data?.budget?.aggregate
      // For an unknown budget the subscription has this error, where the query has null.
      return aggregate ? { data: { aggregate } } : { errors: [{ extensions: { code: 'NOT_FOUND' } }] }
    }),
  ],
  connectionMonitor,
)
