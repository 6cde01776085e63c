import type { ReactNode } from 'react'
import { useSubscription } from 'urql'
import { Page } from '../../components/Page'
import { LoadingPart } from '../../components/states/LoadingPart'
import { useFormat } from '../../texts/useTexts'
import { DataTable } from '../components/DataTable'
import { ChangeProblem } from '../components/ChangeProblem'
import { Tag } from '../components/Tag'
import { problemOf } from '../../graphql/problem'
import { useSession } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { JobList } from './JobList'
import { OperationsChanged } from './operationsOperations'
import styles from './Operations.module.css'

/** How the installation is: nodes, database, Redis, what waits, and the jobs. */
export function OperationsPage() {
  const { operations: texts } = useDeskTexts()
  const { signIns } = useSession()
  return (
    <Page title={texts.heading}>
      <h1>{texts.heading}</h1>
      <Health key={signIns}>
        <JobList />
      </Health>
    </Page>
  )
}

/** The children come when the figures above them are there: they would jump. */
function Health({ children }: { children: ReactNode }) {
  const { operations: texts } = useDeskTexts()
  const format = useFormat()
  const [{ data, error }] = useSubscription({ query: OperationsChanged })
  if (!data) {
    if (!error) return <LoadingPart />
    return (
      <>
        <ChangeProblem problem={problemOf(error)} />
        {children}
      </>
    )
  }
  const { nodes, database, redis, queue, foldLagMs, pendingDeltas, snapshotAgeMs, reads } = data.operations
  const ms = (value: number | null) => {
    if (value === null) return '–'
    return value < 1000 ? texts.ms(format.count(Math.round(value))) : format.duration(value / 1000)
  }
  const count = (value: number | null) => (value === null ? '–' : format.count(value))
  return (
    <>
      <dl className={styles.tiles}>
        <div>
          <dt>{texts.database(database.kind)}</dt>
          <dd>
            <Tag kind={database.ok ? 'good' : 'bad'}>{database.ok ? texts.ok : texts.away}</Tag>{' '}
            {ms(database.latencyMs)}
          </dd>
        </div>
        <div>
          <dt>Redis</dt>
          <dd>
            {redis.configured ? (
              <>
                <Tag kind={redis.ok ? 'good' : 'bad'}>{redis.ok ? texts.ok : texts.away}</Tag>{' '}
                {ms(redis.latencyMs)}
              </>
            ) : (
              texts.notConfigured
            )}
          </dd>
        </div>
        <Tile name={texts.queue} value={format.count(queue)} />
        <Tile name={texts.foldLag} value={ms(foldLagMs)} />
        <Tile name={texts.pendingDeltas} value={count(pendingDeltas)} />
        <Tile name={texts.snapshotAge} value={ms(snapshotAgeMs)} />
        <Tile
          name={texts.size}
          value={
            database.sizeBytes === null
              ? '–'
              : texts.megabytes(format.count(Math.ceil(database.sizeBytes / 1e6)))
          }
        />
        <Tile
          name={texts.reads}
          value={[reads.memory, reads.redis, reads.table, reads.recount].map(format.count).join(' / ')}
        />
      </dl>
      <h2>{texts.nodes}</h2>
      <DataTable
        caption={texts.nodes}
        heads={[
          texts.node,
          texts.role,
          texts.version,
          texts.started,
          texts.seen,
          texts.connections,
          texts.streams,
        ]}
        empty={texts.noNodes}
        rows={nodes.map((node) => ({
          key: node.id,
          cells: [
            <code key="id">{node.id}</code>,
            node.role,
            node.version,
            format.day(node.startedAt),
            format.clock(node.lastSeenAt),
            format.count(node.connections),
            format.count(node.streams),
          ],
        }))}
      />
      {children}
    </>
  )
}

function Tile({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
