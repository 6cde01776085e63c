import type { ComparisonLine, Whose } from '../../live/comparison'
import type { Snapshot } from '../../live/snapshot'
import { useLanguage } from '../../texts/useTexts'
import { Button } from '../Button'
import styles from './Downloads.module.css'

interface Props {
  budget: string
  title: string
  snapshot: Snapshot | undefined
  lines: readonly ComparisonLine[]
  whose: Whose
}

/** The numbers from the server, the chart as it stands here. */
export function Downloads({ budget, title, snapshot, lines, whose }: Props) {
  const { language } = useLanguage()
  const { download: texts, results } = language.texts
  const path = (kind: string) =>
    `/api/budgets/${encodeURIComponent(budget)}/aggregate.${kind}?language=${language.code}`

  async function saveChart(kind: 'svg' | 'png') {
    // Few take a picture away: its code comes when it is asked for.
    const { chartSvg, saveSvg, savePng } = await import('./chartPicture')
    const svg = chartSvg({
      title,
      lines,
      mineLabel: results[whose],
      everyoneLabel: results.everyone,
      realLabel: results.real,
      notes: snapshot
        ? [
            `${results.counts(snapshot.participantCount, snapshot.submissionCount)}, ${results.asOf(
              language.format.day(snapshot.asOf),
            )}`,
            results.selfSelected,
          ]
        : [results.selfSelected],
      language,
    })
    if (kind === 'svg') saveSvg(svg, `${budget}.svg`)
    else await savePng(svg, `${budget}.png`)
  }

  return (
    <p className={styles.downloads}>
      <span>{texts.heading}</span>
      <a href={path('csv')} download>
        {texts.csv}
      </a>
      <a href={path('json')} download={`${budget}.json`}>
        {texts.json}
      </a>
      {(['svg', 'png'] as const).map((kind) => (
        <Button
          key={kind}
          onClick={() => {
            void saveChart(kind)
          }}
        >
          {texts[kind]}
        </Button>
      ))}
    </p>
  )
}
