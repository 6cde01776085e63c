import type { ReactNode } from 'react'
import type { CombinedError } from 'urql'
import { Paging } from './Paging'
import styles from './PagedList.module.css'
import { QueryState } from './QueryState'
import type { Pages } from './usePages'

interface Props<Node> {
  pages: Pages
  /** The current page, once it is there. */
  connection:
    | {
        readonly nodes: readonly Node[]
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
      }
    | undefined
  error: CombinedError | undefined
  onRetry: () => void
  children: (nodes: readonly Node[]) => ReactNode
}

/** One page of a list that is read by cursor, with the way to the others. */
export function PagedList<Node>({ pages, connection, error, onRetry, children }: Props<Node>) {
  if (!connection)
    return (
      <div className={styles.place}>
        <QueryState error={error} onRetry={onRetry} />
      </div>
    )
  const { hasNextPage, endCursor } = connection.pageInfo
  return (
    <>
      {children(connection.nodes)}
      <Paging pages={pages} next={hasNextPage ? endCursor : null} />
    </>
  )
}
