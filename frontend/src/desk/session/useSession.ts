import { createContext, use } from 'react'
import type { DeskRole, MeFragment } from '../gql/graphql'

export type Me = MeFragment

export interface SessionContext {
  readonly me: Me
  /** For the answers of mutations that change the account. */
  readonly setMe: (me: Me) => void
  /** How often somebody has signed in since the page was loaded: subscriptions begin anew then. */
  readonly signIns: number
}

export const CurrentSession = createContext<SessionContext | undefined>(undefined)

export function useSession(): SessionContext {
  const session = use(CurrentSession)
  if (!session) throw new Error('no Session around this component')
  return session
}

const RANKS: Readonly<Record<DeskRole, number>> = { VIEWER: 1, ORGANISER: 2, OWNER: 3 }

/** Tells whether a role includes another. Screens hide what the server would refuse anyway. */
export function includes(has: DeskRole | null | undefined, needed: DeskRole): boolean {
  return has != null && RANKS[has] >= RANKS[needed]
}
