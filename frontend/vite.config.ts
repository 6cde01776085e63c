import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { constants } from 'node:zlib'
import optimizeLocales from '@react-aria/optimize-locales-plugin'
import react from '@vitejs/plugin-react'
import { compression, defineAlgorithm } from 'vite-plugin-compression2'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const PAGE = resolve(import.meta.dirname, 'index.html')
/** The desk's document is that of the page with another script. */
const DESK = resolve(import.meta.dirname, 'desk.html')
const ofDesk = (html: string) => html.replace('/src/app/main.tsx', '/src/app/desk.tsx')

const server = process.env.TAXBUDGET_PUBLIC_URL ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [
    react(),
    // React Aria speaks thirty languages, and the page these.
    optimizeLocales.vite({ locales: ['ar', 'de', 'en', 'es', 'fr'] }),
    documents(),
    // Compressed once here instead of at every request: the server sends the compressed file beside the original. The
    // documents are left out, because the server completes them for each address.
    compression({
      include: /\.(js|css|svg)$/,
      threshold: 1024,
      algorithms: [
        defineAlgorithm('brotliCompress', { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        defineAlgorithm('gzip', { level: 9 }),
      ],
    }),
  ],
  build: {
    // Everything is a file of our own origin, so that the pages work under a strict Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Monaco, the editor inside GraphiQL, is one large chunk that only graphiql.html asks for.
    chunkSizeWarningLimit: 5000,
    rolldownOptions: {
      // Libraries compiled by the React compiler carry a directive that means nothing after bundling.
      checks: { moduleLevelDirective: false },
      output: {
        // The server finds the texts of the reader's language by this name, and preloads them in the document.
        chunkFileNames: ({ facadeModuleId }) =>
          facadeModuleId?.includes('/src/texts/languages/')
            ? 'assets/texts-[name]-[hash].js'
            : facadeModuleId?.includes('/src/desk/texts/languages/')
              ? 'assets/desk-texts-[name]-[hash].js'
              : 'assets/[name]-[hash].js',
        // The code that all pages share is in two files instead of twenty, because each file costs a request.
        advancedChunks: {
          groups: [
            {
              name: 'vendor',
              // Whole names: packages such as react-remove-scroll are of the explorer alone.
              test: /node_modules\/(react|react-dom|scheduler|urql|@urql|wonka|@0no-co|use-sync-external-store|wouter|regexparam)\//,
            },
            {
              // What a frame on another site loads too, without React: `npm run size` checks that nothing else gets in.
              name: 'core',
              test: /frontend\/src\/(domain\/(budgetWindow|share|digits)\.|texts\/(format|languages)\.|routing\/addresses\.|graphql\/(connection|errorCodes|eventTransport|liveSubscription|pollTransport|retrySchedule|serverClock|socketTransport|timedFetch|transportFallback)\.|live\/(snapshotOrder|snapshotPacer)\.|components\/budget\/phaseText\.|features\/results\/(comparisonLines|hiddenText|shownPart)\.|styles\/(tokens|base)\.)/,
            },
            {
              name: 'shared',
              test: /frontend\/src\/(app\/(start|LanguageSelect)\.|components|domain|texts\/[a-zA-Z]+\.|routing|gql|styles|graphql\/(?!socket\.)|live\/(snapshot|pollAggregate)\.)/,
            },
            {
              // What the screens of the desk share: each of them is a file of its own.
              name: 'deskShared',
              minShareCount: 2,
              test: /frontend\/src\/desk\//,
            },
            // For dialogs and lists to drag alone.
            {
              name: 'aria',
              // What one page alone uses, such as the dialogs and lists of the desk, is loaded with that page.
              minShareCount: 2,
              test: /node_modules\/(react-aria|react-aria-components|react-stately|@react-[a-z]+|@internationalized)\//,
            },
          ],
        },
      },
      input: {
        index: PAGE,
        desk: DESK,
        embed: resolve(import.meta.dirname, 'embed.html'),
        graphiql: resolve(import.meta.dirname, 'graphiql.html'),
      },
    },
  },
  worker: { format: 'es' },
  server: {
    // The texts are partly in `locales/`, which the server reads too.
    fs: { allow: ['.', '../locales'] },
    proxy: {
      '/graphql': { target: server, ws: true },
      '/api': server,
      '/admin/graphql': { target: server, ws: true },
      '^/admin/budgets/[^/]+/answers\\.': server,
    },
  },
  // The workers of the explorer's editor cannot be optimised in advance; the rest of its page is, when it is opened.
  optimizeDeps: { entries: ['index.html', 'src/app/desk.tsx'] },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
})

function documents(): Plugin {
  return {
    name: 'documents',
    resolveId: (id) => (id === DESK ? id : undefined),
    load: (id) => (id === DESK ? ofDesk(readFileSync(PAGE, 'utf8')) : undefined),
    // While developing, every address of a frame and of the desk is its one document, as the server has it.
    configureServer({ middlewares }) {
      middlewares.use((request, _response, next) => {
        if (request.url?.startsWith('/embed/')) request.url = '/embed.html'
        const isScreen = request.headers.accept?.includes('text/html') ?? false
        if (isScreen && isOfDesk(request.url)) request.url = '/index.html'
        next()
      })
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html, { server, originalUrl }) => {
        if (server) return isOfDesk(originalUrl) ? ofDesk(html) : html
        // The style sheet alone comes before the first paint, so the scripts must not take the network from it.
        return html.replaceAll(/<(script type="module"|link rel="modulepreload")/g, '<$1 fetchpriority="low"')
      },
    },
  }
}

function isOfDesk(url: string | undefined): boolean {
  return /^\/admin([/?]|$)(?!graphql)/.test(url ?? '')
}
