import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const server = process.env.TAXBUDGET_PUBLIC_URL ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react()],
  build: {
    // Everything is a file of our own origin, so that the pages work under a strict Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Monaco, the editor inside GraphiQL, is one large chunk that only graphiql.html asks for.
    chunkSizeWarningLimit: 5000,
    rolldownOptions: {
      // Libraries compiled by the React compiler carry a directive that means nothing after bundling.
      checks: { moduleLevelDirective: false },
      input: {
        index: resolve(import.meta.dirname, 'index.html'),
        graphiql: resolve(import.meta.dirname, 'graphiql.html'),
      },
    },
  },
  worker: { format: 'es' },
  server: {
    proxy: { '/graphql': { target: server, ws: true } },
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
})
