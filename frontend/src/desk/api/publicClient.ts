import { createContext } from 'react'
import type { Client } from 'urql'

/** The client of the public API, for the live chart. The desk's own client is the one of urql's provider. */
export const PublicClient = createContext<Client | undefined>(undefined)
