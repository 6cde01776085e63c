import { useSyncExternalStore } from 'react'
import { connectionMonitor } from './client'
import type { Connection } from './connection'

export function useConnection(): Connection {
  return useSyncExternalStore(connectionMonitor.subscribe, connectionMonitor.current)
}
