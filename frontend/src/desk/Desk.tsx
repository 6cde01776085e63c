import { Suspense, useRef, type ReactNode } from 'react'
import { useClient } from 'urql'
import { Link, Route, Router, Switch } from 'wouter'
import { Page } from '../components/Page'
import { ErrorBoundary } from '../components/states/ErrorBoundary'
import { LoadingPage } from '../components/states/LoadingPage'
import { PublicClient } from './api/publicClient'
import { DeskMasthead } from './DeskMasthead'
import { LazyBudgetPages, LazyInvitationPage, SCREENS } from './lazyScreens'
import { DeskClient, Session } from './session/Session'
import type { DeskTexts } from './texts/deskLanguages'
import { DeskTextsProvider } from './texts/DeskTextsProvider'
import { useDeskTexts } from './texts/useDeskTexts'
import { useKeptFocus } from './useKeptFocus'
import { useScreensLoaded } from './useScreensLoaded'
import styles from './Desk.module.css'

/** The organisers' desk: everything at `/admin`. */
export function Desk({ texts, languageSelect }: { texts: DeskTexts; languageSelect: ReactNode }) {
  // The client around the desk is that of the public API.
  const publicClient = useClient()
  const root = useRef<HTMLDivElement>(null)
  useKeptFocus(root)
  useScreensLoaded()
  const masthead = <DeskMasthead languageSelect={languageSelect} />
  return (
    <div ref={root} className={styles.desk}>
      <DeskTextsProvider initial={texts}>
        <PublicClient value={publicClient}>
          <Router base="/admin">
            <DeskClient>
              {(isSignedOut, onSignedIn) => (
                <Switch>
                  <Route path="/invitation/:token">
                    {({ token }) => (
                      <>
                        {masthead}
                        <Suspense fallback={<LoadingPage />}>
                          <LazyInvitationPage token={token} />
                        </Suspense>
                      </>
                    )}
                  </Route>
                  <Route>
                    <Session isSignedOut={isSignedOut} onSignedIn={onSignedIn} masthead={masthead}>
                      <DeskMasthead languageSelect={languageSelect} hasPages />
                      <ErrorBoundary>
                        <Screens />
                      </ErrorBoundary>
                    </Session>
                  </Route>
                </Switch>
              )}
            </DeskClient>
          </Router>
        </PublicClient>
      </DeskTextsProvider>
    </div>
  )
}

function Screens() {
  return (
    <Suspense fallback={<LoadingPage />}>
      <Switch>
        {Object.entries(SCREENS).map(([path, Screen]) => (
          <Route key={path} path={path} component={Screen} />
        ))}
        <Route path="/budgets/:slug/:part?">
          {({ slug, part }) => <LazyBudgetPages key={slug} slug={slug} part={part} />}
        </Route>
        <Route component={UnknownScreen} />
      </Switch>
    </Suspense>
  )
}

function UnknownScreen() {
  const { desk: texts } = useDeskTexts()
  return (
    <Page title={texts.unknown}>
      <h1>{texts.unknown}</h1>
      <p>
        <Link href="/">{texts.toBudgets}</Link>
      </p>
    </Page>
  )
}
