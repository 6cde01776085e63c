import { use, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { Button } from '../components/Button'
import { useTexts } from '../texts/useTexts'
import { useChange } from './api/useChange'
import { graphql } from './gql'
import { CurrentSession, includes } from './session/useSession'
import { useDeskTexts } from './texts/useDeskTexts'
import styles from './DeskMasthead.module.css'

const SignOut = graphql(`
  mutation SignOut {
    signOut
  }
`)

export function DeskMasthead({
  languageSelect,
  hasPages = false,
}: {
  languageSelect: ReactNode
  hasPages?: boolean
}) {
  const { site } = useTexts()
  const { desk: texts } = useDeskTexts()
  const me = use(CurrentSession)?.me
  const signOut = useChange(SignOut)

  async function leave() {
    // What was typed and not sent stays in the browser's storage.
    if (await signOut.run({})) window.location.assign('/admin')
  }

  return (
    <header className={styles.masthead}>
      <a className={styles.skip} href="#content">
        {site.skip}
      </a>
      <p className={styles.name}>{texts.name}</p>
      {hasPages && (
        <nav className={styles.pages} aria-label={texts.navigation}>
          <Screen href="/">{texts.budgets}</Screen>
          {includes(me?.role, 'OWNER') && <Screen href="/accounts">{texts.accounts}</Screen>}
          {includes(me?.role, 'OWNER') && <Screen href="/log">{texts.log}</Screen>}
          {includes(me?.role, 'VIEWER') && <Screen href="/statistics">{texts.statistics}</Screen>}
          {includes(me?.role, 'VIEWER') && <Screen href="/operations">{texts.operations}</Screen>}
        </nav>
      )}
      <div className={styles.language}>{languageSelect}</div>
      {me && (
        <div className={styles.account}>
          <Screen href="/account">{me.name}</Screen>
          <Button
            disabled={signOut.isRunning}
            onClick={() => {
              void leave()
            }}
          >
            {texts.signOut}
          </Button>
        </div>
      )}
    </header>
  )
}

function Screen({ href, children }: { href: string; children: ReactNode }) {
  const [here] = useLocation()
  return (
    <Link href={href} aria-current={here === href ? 'page' : undefined}>
      {children}
    </Link>
  )
}
