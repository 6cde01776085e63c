import { useState } from 'react'
import { useQuery } from 'urql'
import { Button } from '../../components/Button'
import { fromPercent } from '../../domain/share'
import { useFormat } from '../../texts/useTexts'
import { useBudget } from '../budgets/useBudget'
import { DataTable } from '../components/DataTable'
import { Paging } from '../components/Paging'
import { QueryState } from '../components/QueryState'
import { Tag } from '../components/Tag'
import { draftOf } from '../editor/draft'
import type { AnswerFilterInput } from '../gql/graphql'
import { includes } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { AnswerDownloads } from './AnswerDownloads'
import { AnswerFilters } from './AnswerFilters'
import { AnswersQuery } from './answerOperations'
import { CohortList } from './CohortList'
import { ExcludeDialog, type ExcludeSubject } from './ExcludeDialog'
import { ExclusionList } from './ExclusionList'

const PAGE_SIZE = 50

/** The answers, never who gave them; what is excluded, and why; downloads. */
export function AnswersPart() {
  const { answers: texts } = useDeskTexts()
  const format = useFormat()
  const { budget } = useBudget()
  const { categories } = draftOf(budget.draft)
  const [filter, setFilter] = useState<AnswerFilterInput>({})
  const [trail, setTrail] = useState<readonly (string | undefined)[]>([undefined])
  const [subject, setSubject] = useState<ExcludeSubject>()
  // Lists below are loaded anew after an exclusion.
  const [changes, setChanges] = useState(0)
  const [{ data, error }, ask] = useQuery({
    query: AnswersQuery,
    variables: { budget: budget.slug, first: PAGE_SIZE, after: trail.at(-1) ?? null, filter },
  })
  const mayExclude = includes(budget.role, 'ORGANISER')

  function changed() {
    setSubject(undefined)
    setChanges((count) => count + 1)
    ask({ requestPolicy: 'network-only' })
  }

  const labelOf = (key: string) => categories.find((one) => one.key === key)?.label ?? key
  return (
    <>
      <p>{texts.never}</p>
      <AnswerFilters
        categories={categories}
        onApply={(applied) => {
          setFilter(applied)
          setTrail([undefined])
        }}
      />
      {data ? (
        <>
          <DataTable
            caption={texts.caption}
            isCaptionShown
            heads={[texts.hour, texts.shares, texts.state, ...(mayExclude ? [texts.action] : [])]}
            empty={texts.none}
            rows={data.answers.nodes.map(({ id, hour, exclusion, shares }) => ({
              key: id,
              cells: [
                format.day(hour),
                shares
                  .filter(({ percent }) => percent > 0)
                  .map(
                    ({ category, percent }) =>
                      `${labelOf(category.key)} ${format.percent(fromPercent(percent))}`,
                  )
                  .join(', '),
                exclusion ? (
                  <>
                    <Tag kind="bad">{texts.excluded}</Tag> {exclusion.reason}
                  </>
                ) : (
                  <Tag>{texts.counts}</Tag>
                ),
                ...(mayExclude
                  ? [
                      !exclusion && (
                        <Button
                          onClick={() => {
                            setSubject({ answer: id })
                          }}
                        >
                          {texts.exclude}
                        </Button>
                      ),
                    ]
                  : []),
              ],
            }))}
          />
          <Paging
            trail={trail}
            next={data.answers.pageInfo.hasNextPage ? data.answers.pageInfo.endCursor : null}
            onTrail={setTrail}
          />
        </>
      ) : (
        <QueryState
          error={error}
          onRetry={() => {
            ask({ requestPolicy: 'network-only' })
          }}
        />
      )}
      <AnswerDownloads slug={budget.slug} />
      <ExclusionList
        key={`exclusions ${changes}`}
        slug={budget.slug}
        mayUndo={mayExclude}
        onChanged={changed}
      />
      <CohortList
        key={`cohorts ${changes}`}
        slug={budget.slug}
        mayExclude={mayExclude}
        onExclude={(cohort) => {
          setSubject({ cohort })
        }}
      />
      {subject && (
        <ExcludeDialog
          slug={budget.slug}
          subject={subject}
          onDone={changed}
          onClose={() => {
            setSubject(undefined)
          }}
        />
      )}
    </>
  )
}
