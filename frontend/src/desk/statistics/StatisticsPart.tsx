import { useState } from 'react'
import { useQuery } from 'urql'
import { fromPercent } from '../../domain/share'
import { serverClock } from '../../graphql/client'
import { useFormat } from '../../texts/useTexts'
import { useBudget } from '../budgets/useBudget'
import { CountBars } from '../components/CountBars'
import { DataTable } from '../components/DataTable'
import { QueryState } from '../components/QueryState'
import { SelectField } from '../components/SelectField'
import { Tile, Tiles } from '../components/Tiles'
import { draftOf, labelFor } from '../editor/draft'
import type { StatsQuery as Stats } from '../gql/graphql'
import { useDeskTexts } from '../texts/useDeskTexts'
import { lastDays } from './lastDays'
import { StatsQuery } from './statisticsOperations'

const SPANS = ['7', '30', '90', '365'] as const

type BudgetStats = Stats['stats']['budgets'][number]

/** How many took part on which day, what they give on average, and how often they revise. */
export function StatisticsPart() {
  const { statistics: texts } = useDeskTexts()
  const format = useFormat()
  const { budget } = useBudget()
  const [span, setSpan] = useState<(typeof SPANS)[number]>('30')
  const variables = { budget: budget.slug, days: Number(span) }
  const [{ data, error }, ask] = useQuery({ query: StatsQuery, variables })
  const [stats] = data?.stats.budgets ?? []
  return (
    <>
      <SelectField
        label={texts.span}
        value={span}
        options={SPANS}
        nameOf={(days) => texts.lastDays(format.count(Number(days)))}
        onChange={setSpan}
      />
      {stats ? (
        <>
          <Totals stats={stats} />
          <Days stats={stats} days={variables.days} />
          <Averages stats={stats} />
          <Revisions stats={stats} />
        </>
      ) : (
        <QueryState
          error={error}
          onRetry={() => {
            ask({ requestPolicy: 'network-only' })
          }}
        />
      )}
    </>
  )
}

function Totals({ stats }: { stats: BudgetStats }) {
  const { running: texts, statistics } = useDeskTexts()
  const format = useFormat()
  const again = stats.revisions.filter(({ submissions }) => submissions > 1)
  const revised = again.reduce((sum, { participants }) => sum + participants, 0)
  return (
    <Tiles label={statistics.totals}>
      <Tile name={texts.participants} value={format.count(stats.participants)} id="participants" />
      <Tile name={texts.submissions} value={format.count(stats.submissions)} id="submissions" />
      <Tile name={texts.shown} value={format.count(stats.shownParticipants)} id="shown" />
      <Tile name={statistics.revised} value={format.count(revised)} id="revised" />
    </Tiles>
  )
}

function Days({ stats, days }: { stats: BudgetStats; days: number }) {
  const { statistics: texts } = useDeskTexts()
  const format = useFormat()
  const dayName = new Intl.DateTimeFormat(format.locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const nameOf = (day: string) => dayName.format(new Date(`${day}T00:00:00Z`))
  const counts = new Map(stats.days.map(({ day, submissions }) => [day, submissions]))
  const bars = lastDays(days, serverClock.now()).map((day) => {
    const count = counts.get(day) ?? 0
    return { key: day, title: `${nameOf(day)}: ${format.count(count)}`, count }
  })
  const sum = bars.reduce((total, { count }) => total + count, 0)
  return (
    <section>
      <h2>{texts.days}</h2>
      <CountBars label={texts.sumOfDays(sum, days)} bars={bars} />
      <DataTable
        caption={texts.days}
        heads={[texts.day, texts.submissions, texts.anonymous]}
        empty={texts.noDays}
        rows={stats.days.map(({ day, submissions, anonymous }) => ({
          key: day,
          cells: [nameOf(day), format.count(submissions), format.count(anonymous)],
        }))}
      />
    </section>
  )
}

function Averages({ stats }: { stats: BudgetStats }) {
  const { statistics: texts } = useDeskTexts()
  const format = useFormat()
  const { budget } = useBudget()
  const draft = draftOf(budget.draft)
  return (
    <section>
      <h2>{texts.averages}</h2>
      <DataTable
        caption={texts.averages}
        heads={[texts.category, texts.average]}
        empty={texts.noAverages}
        rows={(stats.shownParticipants === 0 ? [] : stats.categories).map(({ category, averagePercent }) => ({
          key: category,
          cells: [labelFor(draft, category, format.locale), format.percent(fromPercent(averagePercent))],
        }))}
      />
    </section>
  )
}

function Revisions({ stats }: { stats: BudgetStats }) {
  const { statistics: texts } = useDeskTexts()
  const format = useFormat()
  return (
    <section>
      <h2>{texts.revisions}</h2>
      <p>{texts.revisionsText}</p>
      <DataTable
        caption={texts.revisions}
        heads={[texts.times, texts.participants]}
        empty={texts.noRevisions}
        rows={stats.revisions.map(({ submissions, participants }) => ({
          key: String(submissions),
          cells: [format.count(submissions), format.count(participants)],
        }))}
      />
    </section>
  )
}
