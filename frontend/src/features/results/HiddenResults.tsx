import { useId } from 'react'
import { Note } from '../../components/Note'
import { useFormat, useTexts } from '../../texts/useTexts'
import type { Allocation } from '../../domain/allocation'
import { comparisonLines, type ComparedCategory, type Subject } from './comparisonLines'
import { ComparisonTable } from './ComparisonTable'
import { hiddenText } from './hiddenText'
import type { ResultVisibility } from '../../gql/graphql'

interface Props {
  title: string
  heading: string
  categories: readonly ComparedCategory[]
  visibility: ResultVisibility
  closesAt: string | null
  /** Whether only a cookie tells later that the viewer has taken part. */
  needsCookie: boolean
  hasAnswered: boolean
  mine: Allocation | undefined
  subject: Subject
}

/** Says when the results are shown. One's own answer and the real budget are no secret. */
export function HiddenResults({
  title,
  heading,
  categories,
  visibility,
  closesAt,
  needsCookie,
  hasAnswered,
  mine,
  subject,
}: Props) {
  const texts = useTexts()
  const format = useFormat()
  const id = useId()
  const needsCookieHint = needsCookie && visibility === 'AFTER_TAKING_PART'
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      <Note kind="plain" heading={texts.visibility.heading}>
        {!(needsCookieHint && hasAnswered) && <p>{hiddenText(texts, format, visibility, closesAt)}</p>}
        {needsCookieHint && <p>{texts.visibility.remember}</p>}
      </Note>
      {mine && (
        <ComparisonTable
          caption={title}
          lines={comparisonLines(categories, undefined, mine)}
          subject={subject}
        />
      )}
    </section>
  )
}
