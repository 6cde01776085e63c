import { useEffect } from 'react'
import { phaseText } from '../../components/budget/phaseText'
import { usePhase } from '../../components/budget/usePhase'
import type { PageBudgetFragment } from '../../gql/graphql'
import type { Phase } from '../../domain/budgetWindow'
import { useConnection } from '../../graphql/useConnection'
import type { Snapshot } from '../../live/snapshot'
import { useLiveSnapshot } from '../../live/useLiveSnapshot'
import { budgetPath, budgetResultsPath } from '../../routing/addresses'
import { useFormat, useTexts } from '../../texts/useTexts'
import { comparisonLines } from '../results/comparisonLines'
import { hiddenText } from '../results/hiddenText'
import { ResultsGate } from '../results/ResultsGate'
import { ShownPartNote } from '../results/ShownPartNote'
import { ProjectedChart } from './ProjectedChart'
import { QrCode } from './QrCode'
import { useWakeLock } from './useWakeLock'
import styles from './Projector.module.css'

/** The question, the averages, the number of participants and the address, in letters for the last row. */
export function Projector({ budget }: { budget: PageBudgetFragment }) {
  const texts = useTexts()
  const phase = usePhase(budget)
  useWakeLock()

  useEffect(() => {
    document.title = `${budget.title} · ${texts.site.name}`
  }, [budget.title, texts.site.name])

  return (
    <main className={styles.projector}>
      <h1 className={styles.title}>
        <bdi>{budget.title}</bdi>
      </h1>
      <ResultsGate
        budget={budget.slug}
        initial={budget.aggregate}
        visibility={budget.visibility}
        occasion={phase}
        hidden={<Hidden budget={budget} phase={phase} />}
      >
        {(initial, onHidden) => <Live budget={budget} phase={phase} initial={initial} onHidden={onHidden} />}
      </ResultsGate>
    </main>
  )
}

interface PartProps {
  budget: PageBudgetFragment
  phase: Phase
}

function Live({
  budget,
  phase,
  initial,
  onHidden,
}: PartProps & { initial: Snapshot | null; onHidden: () => void }) {
  const { budgets, connection: states } = useTexts()
  const connection = useConnection()
  const { snapshot } = useLiveSnapshot(budget.slug, initial, onHidden)
  return (
    <>
      <ProjectedChart
        lines={comparisonLines(budget.categories, snapshot, undefined)}
        isOver={phase === 'over'}
      />
      <div className={styles.side}>
        {snapshot && (
          <div className={styles.counts}>
            <p className={styles.participants}>{budgets.participants(snapshot.participantCount)}</p>
            <ShownPartNote snapshot={snapshot} publishEvery={budget.publishEvery} isOver={phase === 'over'} />
          </div>
        )}
        <Address budget={budget} phase={phase} />
        {(connection === 'reconnecting' || connection === 'offline') && (
          <p className={styles.connection}>{states[connection]}</p>
        )}
      </div>
    </>
  )
}

/** While the results are hidden, the hall sees when they are shown. The lines to give to are no secret. */
function Hidden({ budget, phase }: PartProps) {
  const texts = useTexts()
  const format = useFormat()
  return (
    <>
      <ProjectedChart
        lines={comparisonLines(budget.categories, undefined, undefined)}
        isOver={phase === 'over'}
      />
      <div className={styles.side}>
        <p>{hiddenText(texts, format, budget.visibility, budget.closesAt)}</p>
        <Address budget={budget} phase={phase} />
      </div>
    </>
  )
}

/** Leads to the form, and to the results once the budget is over. */
function Address({ budget, phase }: PartProps) {
  const texts = useTexts()
  const format = useFormat()
  const path = phase === 'over' ? budgetResultsPath(budget.slug) : budgetPath(budget.slug)
  const address = new URL(path, window.location.href)
  return (
    <div className={styles.join}>
      <QrCode text={address.href} label={texts.projector.qrCode(address.href)} />
      <p>
        {phase === 'open'
          ? texts.projector.takePart
          : phase === 'over'
            ? texts.projector.seeResults
            : phaseText(texts, format, budget, phase)}
      </p>
      <p className={styles.address} dir="ltr">
        {`${address.host}${address.pathname}`}
      </p>
    </div>
  )
}
