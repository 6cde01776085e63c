import { useRef, type ReactNode } from 'react'
import { useClient } from 'urql'
import { Link, Route, Router, Switch } from 'wouter'
import { Page } from '../components/Page'
import { ErrorBoundary } from '../components/states/ErrorBoundary'
import { AccountsPage } from './accounts/AccountsPage'
import { OwnAccountPage } from './accounts/OwnAccountPage'
import { PublicClient } from './api/publicClient'
import { AuditPage } from './audit/AuditPage'
import { BudgetListPage } from './budgets/BudgetListPage'
import { BudgetPages } from './budgets/BudgetPages'
import { NewBudgetPage } from './budgets/NewBudgetPage'
import { DeskMasthead } from './DeskMasthead'
import { OperationsPage } from './operations/OperationsPage'
import { InvitationPage } from './session/InvitationPage'
import { DeskClient, Session } from './session/Session'
import { StatisticsPage } from './statistics/StatisticsPage'
import { DeskTextsProvider } from './texts/DeskTextsProvider'
import { useDeskTexts } from './texts/useDeskTexts'
import { useKeptFocus } from './useKeptFocus'
import styles from './Desk.module.css'

/** The organisers' desk: everything at `/admin`. */
export function Desk({ languageSelect }: { languageSelect: ReactNode }) {
  // The client around the desk is that of the public API.
  const publicClient = useClient()
  const root = useRef<HTMLDivElement>(null)
  useKeptFocus(root)
  const masthead = <DeskMasthead languageSelect={languageSelect} />
  return (
    <div ref={root} className={styles.desk}>
      <DeskTextsProvider>
        <PublicClient value={publicClient}>
          <Router base="/admin">
            <DeskClient>
              {(isSignedOut, onSignedIn) => (
                <Switch>
                  <Route path="/invitation/:token">
                    {({ token }) => (
                      <>
                        {masthead}
                        <InvitationPage token={token} />
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
    <Switch>
      <Route path="/" component={BudgetListPage} />
      <Route path="/new" component={NewBudgetPage} />
      <Route path="/budgets/:slug/:part?">
        {({ slug, part }) => <BudgetPages key={slug} slug={slug} part={part} />}
      </Route>
      <Route path="/accounts" component={AccountsPage} />
      <Route path="/account" component={OwnAccountPage} />
      <Route path="/log">
        <AuditPage />
      </Route>
      <Route path="/statistics" component={StatisticsPage} />
      <Route path="/operations" component={OperationsPage} />
      <Route component={UnknownScreen} />
    </Switch>
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
