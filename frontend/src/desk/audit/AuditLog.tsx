import { useState } from 'react'
import { useQuery } from 'urql'
import { Button } from '../../components/Button'
import { useFormat } from '../../texts/useTexts'
import { DataTable } from '../components/DataTable'
import { Form } from '../components/Form'
import { PagedList } from '../components/PagedList'
import { SelectField } from '../components/SelectField'
import { TextField } from '../components/TextField'
import { usePages } from '../components/usePages'
import { graphql } from '../gql'
import { useDeskTexts } from '../texts/useDeskTexts'
import { Difference } from './Difference'
import styles from './AuditLog.module.css'

const AuditQuery = graphql(`
  query AuditLog(
    $first: Int!
    $after: String
    $budget: String
    $action: String
    $since: DateTime
    $until: DateTime
  ) {
    auditLog(first: $first, after: $after, budget: $budget, action: $action, since: $since, until: $until) {
      nodes {
        id
        at
        actor
        action
        budget
        before
        after
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const PAGE_SIZE = 50

/** Who changed what, and when: of one budget, or of the whole installation. */
export function AuditLog({ budget }: { budget?: string }) {
  const { audit: texts } = useDeskTexts()
  const format = useFormat()
  const [action, setAction] = useState('')
  const [since, setSince] = useState('')
  const [until, setUntil] = useState('')
  const [applied, setApplied] = useState<{
    action: string | null
    since: string | null
    until: string | null
  }>({
    action: null,
    since: null,
    until: null,
  })
  const pages = usePages()
  const [{ data, error }, ask] = useQuery({
    query: AuditQuery,
    variables: { first: PAGE_SIZE, after: pages.after, budget: budget ?? null, ...applied },
  })

  const names: Readonly<Record<string, string>> = texts.actions
  /** An action of a newer server has no name yet. */
  const nameOf = (code: string) => names[code] ?? code
  const isShown = (code: string) => budget === undefined || /^(budget|answers)\./.test(code)

  function apply() {
    setApplied({
      action: action === '' ? null : action,
      since: since === '' ? null : new Date(since).toISOString(),
      until: until === '' ? null : new Date(until).toISOString(),
    })
    pages.restart()
    return Promise.resolve()
  }

  return (
    <>
      <p>{texts.text}</p>
      <Form onSubmit={apply}>
        <div className={styles.filters}>
          <SelectField
            label={texts.action}
            value={action}
            options={['', ...Object.keys(texts.actions).filter(isShown)]}
            nameOf={(one) => (one === '' ? texts.anyAction : nameOf(one))}
            onChange={setAction}
          />
          <TextField type="datetime-local" label={texts.since} value={since} onChange={setSince} />
          <TextField type="datetime-local" label={texts.until} value={until} onChange={setUntil} />
        </div>
        <Button type="submit">{texts.apply}</Button>
      </Form>
      <PagedList
        pages={pages}
        connection={data?.auditLog}
        error={error}
        onRetry={() => {
          ask({ requestPolicy: 'network-only' })
        }}
      >
        {(entries) => (
          <DataTable
            caption={texts.heading}
            heads={[
              texts.at,
              texts.actor,
              texts.action,
              ...(budget === undefined ? [texts.budget] : []),
              texts.change,
            ]}
            empty={texts.none}
            rows={entries.map((entry) => ({
              key: entry.id,
              cells: [
                format.day(entry.at),
                entry.actor,
                nameOf(entry.action),
                ...(budget === undefined ? [entry.budget] : []),
                <Difference key="change" before={entry.before} after={entry.after} />,
              ],
            }))}
          />
        )}
      </PagedList>
    </>
  )
}
