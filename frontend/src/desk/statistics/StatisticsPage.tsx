import { useQuery } from 'urql'
import { Link } from 'wouter'
import { Page } from '../../components/Page'
import { useFormat } from '../../texts/useTexts'
import { DataTable } from '../components/DataTable'
import { QueryState } from '../components/QueryState'
import { budgetPath } from '../paths'
import { useDeskTexts } from '../texts/useDeskTexts'
import { StatsQuery } from './statisticsOperations'

/** The days that count as recent in the list of all budgets. */
const RECENT_DAYS = 7

/** All budgets of the installation side by side. */
export function StatisticsPage() {
  const { statistics: texts, running } = useDeskTexts()
  const format = useFormat()
  const [{ data, error }, ask] = useQuery({
    query: StatsQuery,
    variables: { budget: null, days: RECENT_DAYS },
  })
  return (
    <Page title={texts.heading}>
      <h1>{texts.heading}</h1>
      {data ? (
        <DataTable
          caption={texts.heading}
          heads={[
            texts.budget,
            running.participants,
            running.submissions,
            running.shown,
            texts.lastDays(format.count(RECENT_DAYS)),
          ]}
          empty={texts.noBudgets}
          rows={data.stats.budgets.map(({ budget, participants, submissions, shownParticipants, days }) => ({
            key: budget,
            cells: [
              <Link key="budget" href={budgetPath(budget, 'statistics')}>
                {budget}
              </Link>,
              format.count(participants),
              format.count(submissions),
              format.count(shownParticipants),
              format.count(days.reduce((sum, day) => sum + day.submissions, 0)),
            ],
          }))}
        />
      ) : (
        <QueryState
          error={error}
          onRetry={() => {
            ask({ requestPolicy: 'network-only' })
          }}
        />
      )}
    </Page>
  )
}
