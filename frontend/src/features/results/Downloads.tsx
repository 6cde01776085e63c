import { useState } from 'react'
import type { ComparisonLine, Subject } from './comparisonLines'
import type { Snapshot } from '../../live/snapshot'
import { useLanguage } from '../../texts/useTexts'
import { Button } from '../../components/Button'
import { save } from './save'
import { spreadsheetOf } from './spreadsheet'
import styles from './Downloads.module.css'

interface Props {
  budget: string
  title: string
  snapshot: Snapshot | undefined
  lines: readonly ComparisonLine[]
  subject: Subject
}

/** Downloads the server's numbers in the reader's format, and the chart as it is shown. */
export function Downloads({ budget, title, snapshot, lines, subject }: Props) {
  const { language } = useLanguage()
  const [failed, setFailed] = useState(false)
  const { download: texts, results } = language.texts
  const path = (kind: string) =>
    `/api/budgets/${encodeURIComponent(budget)}/aggregate.${kind}?language=${language.code}`

  async function saveSpreadsheet() {
    const response = await fetch(path('csv'))
    if (!response.ok) throw new Error(`the numbers came with status ${response.status}`)
    const text = spreadsheetOf(await response.text(), language.format.locale)
    save(`data:text/csv;charset=utf-8,${encodeURIComponent(text)}`, `${budget}-averages.csv`)
  }

  async function saveChart(kind: 'svg' | 'png') {
    // Few people download a picture, so its code is loaded on demand.
    const { chartSvg, saveSvg, savePng } = await import('./chartPicture')
    const svg = chartSvg({
      title,
      lines,
      mineLabel: results[subject],
      everyoneLabel: results.everyone,
      realLabel: results.real,
      notes: snapshot
        ? [
            `${results.counts(snapshot.shownParticipantCount, snapshot.submissionCount)}, ${results.asOf(
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

  function take(file: Promise<void>) {
    setFailed(false)
    file.catch(() => {
      setFailed(true)
    })
  }

  return (
    <>
      <p className={styles.downloads}>
        <span>{texts.heading}</span>
        <Button
          onClick={() => {
            take(saveSpreadsheet())
          }}
        >
          {texts.csv}
        </Button>
        <a href={path('json')} download={`${budget}.json`}>
          {texts.json}
        </a>
        {(['svg', 'png'] as const).map((kind) => (
          <Button
            key={kind}
            onClick={() => {
              take(saveChart(kind))
            }}
          >
            {texts[kind]}
          </Button>
        ))}
      </p>
      <p role="status" className={styles.failed}>
        {failed && texts.failed}
      </p>
    </>
  )
}
