import type { ComparisonLine } from './comparisonLines'
import { highlightsOf } from './highlights'
import type { Snapshot } from '../../live/snapshot'
import { useFormat, useTexts } from '../../texts/useTexts'
import styles from './Tiles.module.css'

interface Props {
  lines: readonly ComparisonLine[]
  snapshot: Snapshot | undefined
}

/** The highlights, in a few words each. */
export function Tiles({ lines, snapshot }: Props) {
  const { tiles: texts } = useTexts()
  const format = useFormat()
  const { widestGap, mostAgreed, mostSplit } = highlightsOf(lines, snapshot)
  const tiles = [
    widestGap && { name: texts.widestGap, label: widestGap.label, words: texts.gap(widestGap.gap) },
    mostAgreed && {
      name: texts.mostAgreed,
      label: mostAgreed.label,
      words: texts.middleHalf(mostAgreed.from, mostAgreed.to),
    },
    mostSplit && {
      name: texts.mostSplit,
      label: mostSplit.label,
      words: texts.middleHalf(mostSplit.from, mostSplit.to),
    },
  ].filter((tile) => tile !== undefined)
  if (!snapshot || snapshot.shownParticipantCount === 0) return null
  return (
    <dl className={styles.tiles}>
      <div>
        <dt>{texts.lastChange}</dt>
        <dd>
          <strong>{format.clock(snapshot.asOf)}</strong>
          <span>{texts.version(snapshot.version)}</span>
        </dd>
      </div>
      {tiles.map(({ name, label, words }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <strong>{label}</strong>
            <span>{words}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}
