import { useEffect } from 'react'
import { phaseText } from '../../components/budget/phaseText'
import { usePhase } from '../../components/budget/usePhase'
import type { PageBudgetFragment } from '../../gql/graphql'
import { useConnection } from '../../graphql/useConnection'
import { useLiveSnapshot } from '../../live/useLiveSnapshot'
import { budgetPath, budgetResultsPath } from '../../routing/addresses'
import { useFormat, useTexts } from '../../texts/useTexts'
import { comparisonLines } from '../results/comparisonLines'
import { ShownPartNote } from '../results/ShownPartNote'
import { ProjectedChart } from './ProjectedChart'
import { QrCode } from './QrCode'
import { useWakeLock } from './useWakeLock'
import styles from './Projector.module.css'

/** The question, the averages, the number of participants and the address, in letters for the last row. */
export function Projector({ budget }: { budget: PageBudgetFragment }) {
  const texts = useTexts()
  const format = useFormat()
  const connection = useConnection()
  const { slug, title, categories, publishEvery } = budget
  const { snapshot } = useLiveSnapshot(slug, budget.aggregate)
  const phase = usePhase(budget)
  const path = phase === 'over' ? budgetResultsPath(slug) : budgetPath(slug)
  const address = new URL(path, window.location.href)
  useWakeLock()

  useEffect(() => {
    document.title = `${title} · ${texts.site.name}`
  }, [title, texts.site.name])

  return (
    <main className={styles.projector}>
      <h1 className={styles.title}>
        <bdi>{title}</bdi>
      </h1>
      <ProjectedChart lines={comparisonLines(categories, snapshot, undefined)} />
      <div className={styles.side}>
        {snapshot && (
          <div className={styles.counts}>
            <p className={styles.participants}>{texts.budgets.participants(snapshot.participantCount)}</p>
            <ShownPartNote snapshot={snapshot} publishEvery={publishEvery} isOver={phase === 'over'} />
          </div>
        )}
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
        {(connection === 'reconnecting' || connection === 'offline') && (
          <p className={styles.connection}>{texts.connection[connection]}</p>
        )}
      </div>
    </main>
  )
}
