import { useQuery } from 'urql'
import { Button } from '../components/Button'
import { Loading } from '../components/Loading'
import { ProblemNote } from '../components/ProblemNote'
import { graphql } from '../gql'
import { problemOf } from '../graphql/problem'
import { PageLink } from '../routing/PageLink'
import { resultPath } from '../routing/routes'
import { useFormat, useTexts } from '../texts/useTexts'
import styles from './HistorySlice.module.css'

const HistoryQuery = graphql(`
  query History($after: String) {
    viewer {
      submissions(first: 20, after: $after) {
        nodes {
          id
          submittedAt
          counted
          budget {
            title
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`)

interface Props {
  after: string | null
  isLast: boolean
  onOlder: (cursor: string) => void
}

export function HistorySlice({ after, isLast, onOlder }: Props) {
  const { history: texts } = useTexts()
  const format = useFormat()
  const [{ data, error }, reload] = useQuery({ query: HistoryQuery, variables: { after } })

  if (!data) {
    return error ? <ProblemNote problem={problemOf(error)} onRetry={reload} /> : <Loading />
  }
  const { nodes, pageInfo } = data.viewer.submissions
  const older = isLast && pageInfo.hasNextPage ? pageInfo.endCursor : null
  if (nodes.length === 0 && after === null) return <p>{texts.none}</p>
  return (
    <>
      <ol className={styles.list}>
        {nodes.map(({ id, submittedAt, counted, budget }) => (
          <li key={id} className={styles.entry} data-counted={counted}>
            <span className={styles.title}>{budget.title}</span>
            <strong>{counted ? texts.counts : texts.replaced}</strong>
            <time dateTime={submittedAt}>{format.day(submittedAt)}</time>
            <PageLink href={resultPath(id)}>{texts.open}</PageLink>
          </li>
        ))}
      </ol>
      {older !== null && (
        <Button
          onClick={() => {
            onOlder(older)
          }}
        >
          {texts.older}
        </Button>
      )}
    </>
  )
}
