import { lazy, Suspense, type ReactNode } from 'react'
import { Redirect, Route, Switch, useLocation, useSearch } from 'wouter'
import { ErrorBoundary } from '../components/states/ErrorBoundary'
import { LoadingContent } from '../components/states/LoadingContent'
import { LoadingPage } from '../components/states/LoadingPage'
import { Footer } from './Footer'
import { Masthead } from './Masthead'
import { ParticipatePage } from '../features/participate/ParticipatePage'
import { budgetPath, budgetResultsPath, PATTERNS, withBudgetInPath } from '../routing/addresses'
import { AppRouter } from '../routing/AppRouter'

// Most people come for the form, so every other page is loaded when it is opened.
const AggregatePage = lazy(async () => ({
  default: (await import('../features/results/AggregatePage')).AggregatePage,
}))
const BudgetList = lazy(async () => ({
  default: (await import('../features/budgets/BudgetList')).BudgetList,
}))
const HistoryPage = lazy(async () => ({
  default: (await import('../features/history/HistoryPage')).HistoryPage,
}))
const PrivacyPage = lazy(async () => ({
  default: (await import('../features/privacy/PrivacyPage')).PrivacyPage,
}))
const PreviewPage = lazy(async () => ({
  default: (await import('../features/participate/PreviewPage')).PreviewPage,
}))
const ProjectorPage = lazy(async () => ({
  default: (await import('../features/projector/ProjectorPage')).ProjectorPage,
}))
const ResultPage = lazy(async () => ({
  default: (await import('../features/results/ResultPage')).ResultPage,
}))
const UnknownPage = lazy(async () => ({ default: (await import('./UnknownPage')).UnknownPage }))

export function App() {
  return (
    <AppRouter>
      <ErrorBoundary>
        <Switch>
          {/* In a hall nothing else is shown. */}
          <Route path={PATTERNS.projector}>
            {({ slug }) => (
              <Suspense fallback={<LoadingPage />}>
                <ProjectorPage slug={slug} />
              </Suspense>
            )}
          </Route>
          <Route>
            <Masthead />
            <Content />
            <Footer />
          </Route>
        </Switch>
      </ErrorBoundary>
    </AppRouter>
  )
}

function Content() {
  const [pathname] = useLocation()
  const isPreview = new URLSearchParams(useSearch()).get('preview') === '1'
  const several = (
    <Suspense fallback={<LoadingContent />}>
      <BudgetList />
    </Suspense>
  )
  return (
    <ErrorBoundary key={pathname}>
      <Suspense fallback={<LoadingPage />}>
        <Switch>
          <Route path={PATTERNS.home}>
            <Unnamed path={budgetPath}>
              <ParticipatePage several={several} />
            </Unnamed>
          </Route>
          <Route path={PATTERNS.aggregate}>
            <Unnamed path={budgetResultsPath}>
              <AggregatePage several={several} />
            </Unnamed>
          </Route>
          <Route path={PATTERNS.budget}>
            {({ slug }) => (isPreview ? <PreviewPage slug={slug} /> : <ParticipatePage slug={slug} />)}
          </Route>
          <Route path={PATTERNS.budgetResults}>{({ slug }) => <AggregatePage slug={slug} />}</Route>
          <Route path={PATTERNS.history}>
            <HistoryPage />
          </Route>
          <Route path={PATTERNS.privacy}>
            <PrivacyPage />
          </Route>
          <Route path={PATTERNS.result}>{({ id }) => <ResultPage id={id} />}</Route>
          <Route>
            <UnknownPage />
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  )
}

/** The page of an address that names no budget. Older addresses name it as `?budget=slug`: they lead to the present one. */
function Unnamed({ path, children }: { path: (slug: string) => string; children: ReactNode }) {
  const search = useSearch()
  const slug = new URLSearchParams(search).get('budget')
  if (slug === null) return children
  return <Redirect to={withBudgetInPath(path(slug), search, window.location.hash)} replace />
}
