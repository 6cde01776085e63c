import { useQuery } from 'urql'
import { Button } from '../../components/Button'
import { useChange } from '../api/useChange'
import actions from '../components/Actions.module.css'
import { ChangeProblem } from '../components/ChangeProblem'
import { ConfirmButton } from '../components/ConfirmButton'
import { DataTable } from '../components/DataTable'
import { PagedList } from '../components/PagedList'
import { usePages } from '../components/usePages'
import type { JobKind } from '../gql/graphql'
import { includes, useSession } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { useFormat } from '../../texts/useTexts'
import { JobProgress } from './JobProgress'
import { JobsQuery, RetryJob, StartJob } from './operationsOperations'

const PAGE_SIZE = 20

/** Work in the background: what runs with its progress, what ended and how. */
export function JobList() {
  const { operations: texts } = useDeskTexts()
  const format = useFormat()
  const { me } = useSession()
  const pages = usePages()
  const [{ data, error }, ask] = useQuery({
    query: JobsQuery,
    variables: { first: PAGE_SIZE, after: pages.after },
  })
  const start = useChange(StartJob)
  const retry = useChange(RetryJob)
  const mayStart = includes(me.role, 'ORGANISER')

  function reload() {
    ask({ requestPolicy: 'network-only' })
  }
  async function run(kind: JobKind) {
    if (await start.run({ kind })) reload()
  }
  async function again(id: string) {
    if (await retry.run({ id })) reload()
  }

  return (
    <section>
      <h2>{texts.jobs}</h2>
      <ChangeProblem problem={start.problem ?? retry.problem} />
      {mayStart && (
        <p className={actions.actions}>
          <Button disabled={start.isRunning} onClick={() => void run('VERIFY')}>
            {texts.verify}
          </Button>
          <ConfirmButton
            label={texts.rebuild}
            question={texts.rebuildQuestion}
            onConfirm={() => void run('REBUILD')}
          />
        </p>
      )}
      <PagedList pages={pages} connection={data?.jobs} error={error} onRetry={reload}>
        {(jobs) => (
          <DataTable
            caption={texts.jobs}
            heads={[texts.kind, texts.created, texts.attempts, texts.node, texts.outcome]}
            empty={texts.noJobs}
            rows={jobs.map((job) => ({
              key: job.id,
              cells: [
                texts.kinds[job.kind],
                format.day(job.createdAt),
                format.count(job.attempts),
                job.node,
                <JobProgress key="outcome" job={job} onEnd={reload}>
                  {mayStart && (
                    <Button disabled={retry.isRunning} onClick={() => void again(job.id)}>
                      {texts.retry}
                    </Button>
                  )}
                </JobProgress>,
              ],
            }))}
          />
        )}
      </PagedList>
    </section>
  )
}
