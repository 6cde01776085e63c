import { useState } from 'react'
import { useQuery } from 'urql'
import { Button } from '../../components/Button'
import { fromPercent } from '../../domain/share'
import { useFormat } from '../../texts/useTexts'
import { useBudget } from '../budgets/useBudget'
import { DataTable } from '../components/DataTable'
import { PagedList } from '../components/PagedList'
import { Tag } from '../components/Tag'
import { usePages } from '../components/usePages'
import { draftOf, labelFor } from '../editor/draft'
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
  const draft = draftOf(budget.draft)
  const [filter, setFilter] = useState<AnswerFilterInput>({})
  const pages = usePages()
  const [subject, setSubject] = useState<ExcludeSubject>()
  // Lists below are loaded anew after an exclusion.
  const [changes, setChanges] = useState(0)
  const [{ data, error }, ask] = useQuery({
    query: AnswersQuery,
    variables: { budget: budget.slug, first: PAGE_SIZE, after: pages.after, filter },
  })
  const mayExclude = includes(budget.role, 'ORGANISER')

  function reload() {
    ask({ requestPolicy: 'network-only' })
  }
  function changed() {
    setSubject(undefined)
    setChanges((count) => count + 1)
    reload()
  }

  return (
    <>
      <p>{texts.never}</p>
      <AnswerFilters
        categories={draft.categories}
        onApply={(applied) => {
          setFilter(applied)
          pages.restart()
        }}
      />
      <PagedList pages={pages} connection={data?.answers} error={error} onRetry={reload}>
        {(answers) => (
          <DataTable
            caption={texts.caption}
            isCaptionShown
            isLastColumnKept={mayExclude}
            heads={[texts.hour, texts.shares, texts.state, ...(mayExclude ? [texts.action] : [])]}
            empty={texts.none}
            rows={answers.map(({ id, hour, exclusion, shares }) => ({
              key: id,
              cells: [
                format.day(hour),
                shares
                  .filter(({ percent }) => percent > 0)
                  .map(
                    ({ category, percent }) =>
                      `${labelFor(draft, category.key, format.locale)} ${format.percent(fromPercent(percent))}`,
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
        )}
      </PagedList>
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
