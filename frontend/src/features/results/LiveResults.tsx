import { useId, useState } from 'react'
import type { Allocation } from '../../domain/allocation'
import {
  comparisonLines,
  sorted,
  type ComparedCategory,
  type SortOrder,
  type Subject,
} from './comparisonLines'
import type { Snapshot } from '../../live/snapshot'
import { useLiveSnapshot } from '../../live/useLiveSnapshot'
import { useTexts } from '../../texts/useTexts'
import { Note } from '../../components/Note'
import { Comparison } from './Comparison'
import { ComparisonTable } from './ComparisonTable'
import { Downloads } from './Downloads'
import { LiveState } from './LiveState'
import { ShownPartNote } from './ShownPartNote'
import { Tiles } from './Tiles'
import { ViewControls, type View } from './ViewControls'
import styles from './LiveResults.module.css'

interface Props {
  budget: string
  /** The budget's title, for the table and the downloads. */
  title: string
  heading: string
  categories: readonly ComparedCategory[]
  initial: Snapshot | null
  /** How many answers must have changed before new averages are shown. */
  publishEvery: number
  /** Whether the budget takes no more answers. */
  isOver: boolean
  mine?: Allocation | undefined
  subject?: Subject
  /** The server shows this viewer no results any more. */
  onHidden?: () => void
}

/** Compares one answer, the averages and the real budget, live, as a chart or a table, with highlights and downloads. */
export function LiveResults({
  budget,
  title,
  heading,
  categories,
  initial,
  publishEvery,
  isOver,
  mine,
  subject = 'mine',
  onHidden,
}: Props) {
  const { results, budget: budgetTexts } = useTexts()
  const id = useId()
  const { snapshot, paused, missed, problem, setPaused } = useLiveSnapshot(budget, initial, onHidden)
  const [view, setView] = useState<View>('chart')
  const [order, setOrder] = useState<SortOrder>('budget')
  const lines = comparisonLines(categories, snapshot, mine)
  const shown = { lines: sorted(lines, order), subject }

  return (
    <section className={styles.results} aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      <LiveState snapshot={snapshot} paused={paused} missed={missed} onPause={setPaused} />
      {problem && (
        <Note
          kind="plain"
          heading={problem.code === 'NOT_FOUND' ? budgetTexts.unknown(budget) : problem.message}
        />
      )}
      {snapshot?.participantCount === 0 && <p>{results.none}</p>}
      {snapshot && <ShownPartNote snapshot={snapshot} publishEvery={publishEvery} isOver={isOver} />}
      <Tiles lines={lines} snapshot={snapshot} />
      <ViewControls view={view} order={order} onView={setView} onOrder={setOrder} />
      {view === 'chart' ? (
        <Comparison budget={budget} version={snapshot?.version} {...shown} />
      ) : (
        <ComparisonTable caption={title} {...shown} />
      )}
      <Downloads budget={budget} title={title} snapshot={snapshot} {...shown} />
    </section>
  )
}
