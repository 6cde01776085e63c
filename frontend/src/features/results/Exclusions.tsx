import { useId } from 'react'
import { useTexts } from '../../texts/useTexts'

export interface Exclusion {
  readonly reason: string
  readonly count: number
  readonly excludedAt: string
}

/** The answers that the organisers took out of the count: how many, and why. The reason is in the organisers' words. */
export function Exclusions({ exclusions }: { exclusions: readonly Exclusion[] }) {
  const { exclusions: texts } = useTexts()
  const id = useId()
  if (exclusions.length === 0) return null
  return (
    <>
      <h3 id={id}>{texts.heading}</h3>
      <ul aria-labelledby={id}>
        {exclusions.map(({ reason, count, excludedAt }) => (
          <li key={`${excludedAt} ${reason}`}>{texts.excluded(count, reason)}</li>
        ))}
      </ul>
    </>
  )
}
