import { useCallback, useMemo, useState, type ReactNode } from 'react'
import { Provider, useQuery } from 'urql'
import { Page } from '../../components/Page'
import { LoadingContent } from '../../components/states/LoadingContent'
import { ProblemContent } from '../../components/states/ProblemContent'
import { problemOf } from '../../graphql/problem'
import { createDeskClient } from '../api/client'
import { graphql } from '../gql'
import { SignInDialog } from './SignInDialog'
import { SignInPage } from './SignInPage'
import { CurrentSession, type Me } from './useSession'

/** Nobody has to be signed in for this. */
const SessionQuery = graphql(`
  query Session {
    me {
      ...Me
    }
    desk {
      hasAccounts
      trustedHeader
    }
  }

  fragment Me on Me {
    id
    name
    role
    budgets {
      slug
      title
      role
    }
    hasTotp
    hasPassword
    expiresAt
    sessions {
      id
      createdAt
      lastSeenAt
      expiresAt
      userAgent
      isThis
    }
  }
`)

/** The client of the desk. It notices by any answer that the session has ended. */
export function DeskClient({
  children,
}: {
  children: (isSignedOut: boolean, onSignedIn: () => void) => ReactNode
}) {
  const [isSignedOut, setIsSignedOut] = useState(false)
  const [client] = useState(() =>
    createDeskClient(() => {
      setIsSignedOut(true)
    }),
  )
  const onSignedIn = useCallback(() => {
    setIsSignedOut(false)
  }, [])
  return <Provider value={client}>{children(isSignedOut, onSignedIn)}</Provider>
}

interface Props {
  isSignedOut: boolean
  onSignedIn: () => void
  /** Shown above what is there before somebody has signed in. */
  masthead: ReactNode
  children: ReactNode
}

/**
 * Asks to sign in before anything is shown. A session that ends while somebody works is signed in again by a dialog
 * above the screen, whose state stays.
 */
export function Session({ isSignedOut, onSignedIn, masthead, children }: Props) {
  const [{ data, error, stale }, ask] = useQuery({ query: SessionQuery })
  const [changed, setChanged] = useState<Me>()
  const [signIns, setSignIns] = useState(0)

  const setMe = useCallback((me: Me) => {
    setChanged(me)
  }, [])
  const signedIn = useCallback(
    (now: Me) => {
      setChanged(now)
      setSignIns((count) => count + 1)
      onSignedIn()
    },
    [onSignedIn],
  )
  const me = changed ?? data?.me ?? undefined
  const session = useMemo(() => (me ? { me, setMe, signIns } : undefined), [me, setMe, signIns])

  if (session) {
    return (
      <CurrentSession value={session}>
        {children}
        {isSignedOut && <SignInDialog name={session.me.name} onSignedIn={signedIn} />}
      </CurrentSession>
    )
  }
  if (data && !stale) {
    return (
      <>
        {masthead}
        <SignInPage settings={data.desk} onSignedIn={signedIn} />
      </>
    )
  }
  return (
    <>
      {masthead}
      <Page>
        {error ? (
          <ProblemContent
            problem={problemOf(error)}
            onRetry={() => {
              ask({ requestPolicy: 'network-only' })
            }}
          />
        ) : (
          <LoadingContent />
        )}
      </Page>
    </>
  )
}
