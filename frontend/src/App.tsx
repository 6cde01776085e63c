import { lazy, Suspense } from 'react'
import { ErrorBoundary } from './components/ErrorBoundary'
import { LoadingPage } from './components/LoadingPage'
import { Masthead } from './components/Masthead'
import { ParticipatePage } from './pages/ParticipatePage'
import { usePathname } from './routing/location'
import { routeOf } from './routing/routes'

// Most people come for the form: what they don't need before it is loaded when they go there.
const AggregatePage = lazy(async () => ({ default: (await import('./pages/AggregatePage')).AggregatePage }))
const HistoryPage = lazy(async () => ({ default: (await import('./pages/HistoryPage')).HistoryPage }))
const ResultPage = lazy(async () => ({ default: (await import('./pages/ResultPage')).ResultPage }))
const UnknownPage = lazy(async () => ({ default: (await import('./pages/UnknownPage')).UnknownPage }))

export function App() {
  const pathname = usePathname()
  return (
    <ErrorBoundary>
      <Masthead />
      <ErrorBoundary key={pathname}>
        <Suspense fallback={<LoadingPage />}>
          <CurrentPage pathname={pathname} />
        </Suspense>
      </ErrorBoundary>
    </ErrorBoundary>
  )
}

function CurrentPage({ pathname }: { pathname: string }) {
  const route = routeOf(pathname)
  switch (route.page) {
    case 'participate':
      return <ParticipatePage />
    case 'aggregate':
      return <AggregatePage />
    case 'history':
      return <HistoryPage />
    case 'result':
      return <ResultPage id={route.id} />
    case 'unknown':
      return <UnknownPage />
  }
}
