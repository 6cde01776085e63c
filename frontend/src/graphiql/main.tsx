import 'graphiql/setup-workers/vite'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createClient } from 'graphql-ws'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { socketUrl } from '../graphql/socket'
import { examples } from './examples'
import 'graphiql/style.css'
import './graphiql.css'

const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  wsClient: createClient({ url: socketUrl(window.location) }),
})

const root = document.getElementById('graphiql')
if (!root) throw new Error('graphiql.html has no element #graphiql')

createRoot(root).render(
  <StrictMode>
    <GraphiQL fetcher={fetcher} defaultTabs={[...examples]} defaultEditorToolsVisibility="variables" />
  </StrictMode>,
)
