import { lazy, Suspense } from 'react'
import { ErrorBoundary } from '../components/states/ErrorBoundary'
import { LoadingPage } from '../components/states/LoadingPage'
import { Footer } from './Footer'
import { Masthead } from './Masthead'
import { ParticipatePage } from '../features/participate/ParticipatePage'
import { usePathname } from '../routing/location'
import { routeOf } from '../routing/routes'

// Most people come for the form, so every other page is loaded when it is opened.
const AggregatePage = lazy(async () => ({
  default: (await import('../features/results/AggregatePage')).AggregatePage,
}))
const HistoryPage = lazy(async () => ({
  default: (await import('../features/history/HistoryPage')).HistoryPage,
}))
const PrivacyPage = lazy(async () => ({
  default: (await import('../features/privacy/PrivacyPage')).PrivacyPage,
}))
const ResultPage = lazy(async () => ({
  default: (await import('../features/results/ResultPage')).ResultPage,
}))
const UnknownPage = lazy(async () => ({ default: (await import('./UnknownPage')).UnknownPage }))

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
      <Footer />
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
    case 'privacy':
      return <PrivacyPage />
    case 'result':
      return <ResultPage id={route.id} />
    case 'unknown':
      return <UnknownPage />
  }
}
