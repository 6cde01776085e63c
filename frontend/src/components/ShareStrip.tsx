import { WHOLE, type BasisPoints } from '../domain/share'
import { useFormat } from '../texts/useTexts'
import styles from './ShareStrip.module.css'

export interface StripPart {
  readonly key: string
  readonly label: string
  readonly color: string
  readonly share: BasisPoints
}

interface Props {
  parts: readonly StripPart[]
  /** Thinner and without gaps at the ends, beside a line of text. */
  slim?: boolean
}

/**
 * The shares of an allocation as one bar. Nobody needs the colours to read it: the parts have the order of the budget's
 * lines, gaps separate them, and the label lists them in words.
 */
export function ShareStrip({ parts, slim = false }: Props) {
  const format = useFormat()
  const given = placed(parts.filter(({ share }) => share > 0))
  // An allocation of more than 100 % still fits; its parts keep their proportions.
  const last = given.at(-1)
  const end = Math.max(WHOLE, last ? last.from + last.share : 0)
  const inWords = given.map(({ label, share }) => `${label} ${format.percent(share)}`).join(', ')
  return (
    <svg
      className={slim ? styles.slim : styles.strip}
      role="img"
      aria-label={inWords === '' ? format.percent(0) : inWords}
    >
      {given.map(({ key, label, color, share, from }) => (
        <rect
          key={key}
          x={`${(from / end) * 100}%`}
          width={`${(share / end) * 100}%`}
          height="100%"
          fill={color}
        >
          <title>{`${label} ${format.percent(share)}`}</title>
        </rect>
      ))}
    </svg>
  )
}

function placed(parts: readonly StripPart[]): (StripPart & { from: BasisPoints })[] {
  return parts.map((part, index) => ({
    ...part,
    from: parts.slice(0, index).reduce((sum, { share }) => sum + share, 0),
  }))
}
