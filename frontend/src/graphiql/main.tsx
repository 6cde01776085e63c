import 'graphiql/setup-workers/vite'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import type { GraphQLFormattedError } from 'graphql'
import { createClient, type Client } from 'graphql-ws'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { socketUrl } from '../graphql/socket'
import { deskExamples, examples } from './examples'
import 'graphiql/style.css'
import './graphiql.css'

/** The same document explores both schemas: the public one, and the organisers' below /admin. */
const isDesk = window.location.pathname.startsWith('/admin')
const endpoint = isDesk ? '/admin/graphql' : '/graphql'

const client = createClient({ url: socketUrl(window.location, `${endpoint}/ws`) })

/** GraphQL errors are passed on as a result. If they were thrown, GraphiQL would leave an unhandled promise rejection. */
const wsClient: Client = {
  ...client,
  subscribe: (payload, sink) =>
    client.subscribe(payload, {
      ...sink,
      error: (error) => {
        if (!Array.isArray(error)) {
          sink.error(error)
          return
        }
        sink.next({ errors: error as readonly GraphQLFormattedError[] })
        sink.complete()
      },
    }),
}

const fetcher = createGraphiQLFetcher({ url: endpoint, wsClient })

const root = document.getElementById('graphiql')
if (!root) throw new Error('graphiql.html has no element #graphiql')

createRoot(root).render(
  <StrictMode>
    <GraphiQL
      fetcher={fetcher}
      // What an organiser has typed stays in the tab, and apart from what was typed into the public explorer.
      storage={isDesk ? window.sessionStorage : window.localStorage}
      defaultTabs={[...(isDesk ? deskExamples : examples)]}
      defaultEditorToolsVisibility="variables"
    />
  </StrictMode>,
)
