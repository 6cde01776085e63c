import { useEffect } from 'react'
import { useQuery } from 'urql'
import { Button } from '../../components/Button'
import { LoadingPart } from '../../components/states/LoadingPart'
import { ProblemPart } from '../../components/states/ProblemPart'
import { ShareStrip } from '../../components/ShareStrip'
import { isOpen } from '../../domain/budgetWindow'
import { fromPercent } from '../../domain/share'
import { graphql } from '../../gql'
import { serverClock } from '../../graphql/client'
import { problemOf } from '../../graphql/problem'
import { PageLink } from '../../routing/PageLink'
import { budgetPath, resultPath } from '../../routing/addresses'
import { useFormat, useTexts } from '../../texts/useTexts'
import styles from './HistorySlice.module.css'

const HistoryQuery = graphql(`
  query History($after: String, $language: String!) {
    viewer {
      submissions(first: 20, after: $after) {
        nodes {
          id
          submittedAt
          counted
          exclusion {
            reason
          }
          shares {
            percent
            category {
              key
              label(language: $language)
              color
            }
          }
          budget {
            slug
            title(language: $language)
            status
            isPaused
            opensAt
            closesAt
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
  /** Called when it is loaded, or can't be. */
  onThere: () => void
  onOlder: (cursor: string) => void
}

export function HistorySlice({ after, isLast, onThere, onOlder }: Props) {
  const { history: texts, exclusions } = useTexts()
  const format = useFormat()
  const [{ data, error }, reload] = useQuery({
    query: HistoryQuery,
    variables: { after, language: format.locale },
  })

  const isThere = data !== undefined || error !== undefined
  useEffect(() => {
    if (isThere) onThere()
  }, [isThere, onThere])

  if (!data) {
    return error ? <ProblemPart problem={problemOf(error)} onRetry={reload} /> : <LoadingPart />
  }
  const { nodes, pageInfo } = data.viewer.submissions
  const older = isLast && pageInfo.hasNextPage ? pageInfo.endCursor : null
  if (nodes.length === 0 && after === null) {
    return (
      <>
        <p>{texts.none}</p>
        <p>
          <PageLink href="/">{texts.takePart}</PageLink>
        </p>
      </>
    )
  }
  return (
    <>
      <ol className={styles.list}>
        {nodes.map(({ id, submittedAt, counted, exclusion, shares, budget }) => (
          <li key={id} className={styles.entry} data-counted={counted}>
            <h2 className={styles.title}>{budget.title}</h2>
            <p className={styles.state}>
              {counted ? texts.counts : exclusion ? exclusions.own(exclusion.reason) : texts.replaced}
            </p>
            <div className={styles.strip}>
              <ShareStrip
                slim
                parts={shares.map(({ category, percent }) => ({ ...category, share: fromPercent(percent) }))}
              />
            </div>
            <time dateTime={submittedAt}>{format.day(submittedAt)}</time>
            <p className={styles.links}>
              {counted && isOpen(budget, serverClock.now()) && (
                <PageLink href={budgetPath(budget.slug)}>{texts.revise}</PageLink>
              )}
              <PageLink href={resultPath(id)}>{texts.open}</PageLink>
            </p>
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
