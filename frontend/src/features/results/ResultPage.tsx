import { useQuery } from 'urql'
import { Results } from './Results'
import { Page } from '../../components/Page'
import { LoadingContent } from '../../components/states/LoadingContent'
import { ProblemContent } from '../../components/states/ProblemContent'
import { ShareLink } from '../../components/ShareLink'
import { graphql } from '../../gql'
import { problemOf } from '../../graphql/problem'
import { allocationOf } from './allocationOf'
import { budgetPath, resultPath } from '../../routing/addresses'
import { PageLink } from '../../routing/PageLink'
import { usePhase } from '../../components/budget/usePhase'
import type { ResultQuery as ResultData } from '../../gql/graphql'
import { useFormat, useTexts } from '../../texts/useTexts'

const ResultQuery = graphql(`
  query Result($id: ID!, $language: String!) {
    submission(id: $id) {
      submittedAt
      counted
      exclusion {
        reason
      }
      shares {
        percent
        category {
          key
        }
      }
      budget {
        slug
        title(language: $language)
        status
        isPaused
        visibility
        participation
        opensAt
        closesAt
        publishEvery
        categories {
          key
          label(language: $language)
          actualPercent
        }
        aggregate {
          ...SnapshotFields
        }
        exclusions {
          reason
          count
          excludedAt
        }
      }
    }
  }
`)

export function ResultPage({ id }: { id: string }) {
  const { result: texts } = useTexts()
  return (
    <Page title={texts.heading}>
      <Result key={id} id={id} />
    </Page>
  )
}

function Result({ id }: { id: string }) {
  const { result: texts, exclusions } = useTexts()
  const format = useFormat()
  const [{ data, error }, reload] = useQuery({
    query: ResultQuery,
    variables: { id, language: format.locale },
  })
  const problem = error && problemOf(error)

  if (data?.submission) {
    const { submittedAt, counted, exclusion, shares, budget } = data.submission
    return (
      <>
        <h1>{texts.about(budget.title)}</h1>
        <p>
          <span>{texts.submitted(format.day(submittedAt))}</span>{' '}
          <span>
            {counted ? texts.counts : exclusion ? exclusions.own(exclusion.reason) : texts.replaced}
          </span>
        </p>
        <Compared budget={budget} shares={shares} />
        <ShareLink path={resultPath(id)} />
        <p>
          <PageLink href={budgetPath(budget.slug)}>{texts.takePart}</PageLink>
        </p>
      </>
    )
  }
  // For the reader a malformed id is the same as an unknown one.
  if (data ?? (problem?.code === 'NOT_FOUND' || problem?.code === 'BAD_USER_INPUT')) {
    return (
      <>
        <h1>{texts.unknownHeading}</h1>
        <p>{texts.unknown}</p>
        <p>
          <PageLink href="/">{texts.takePart}</PageLink>
        </p>
      </>
    )
  }
  if (problem) return <ProblemContent problem={problem} onRetry={reload} />
  return <LoadingContent />
}

type Submission = NonNullable<ResultData['submission']>

/** The submission beside everyone's averages. */
function Compared({ budget, shares }: Pick<Submission, 'budget' | 'shares'>) {
  const { results } = useTexts()
  const phase = usePhase(budget)
  const keys = budget.categories.map(({ key }) => key)
  return (
    <Results
      budget={budget}
      heading={results.heading}
      isOver={phase === 'over'}
      mine={allocationOf(keys, shares)}
      subject="submission"
    />
  )
}
