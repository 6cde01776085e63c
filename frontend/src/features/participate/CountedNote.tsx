import type { ReactNode } from 'react'
import { PageLink } from '../../routing/PageLink'
import { resultPath } from '../../routing/addresses'
import type { Texts } from '../../texts/languages'
import { useFormat, useTexts } from '../../texts/useTexts'
import { Button } from '../../components/Button'
import { Note } from '../../components/Note'
import { ShareLink } from '../../components/ShareLink'
import type { Cookie, Submitting } from './useSubmitAllocation'
import styles from './CountedNote.module.css'

interface Props {
  counted: Extract<Submitting, { state: 'counted' | 'counted-before' }>
  closesAt: string | null
  /** How many answers must have changed before new averages are shown. */
  publishEvery: number
  /** Whether the budget still takes submissions. */
  isOpen: boolean
  onChange: () => void
  onAnother: () => void
}

/** Shown in the place of the form after a submission: what was counted, the link to the result, and the next steps. */
export function CountedNote({ counted, closesAt, publishEvery, isOpen, onChange, onAnother }: Props) {
  const { form } = useTexts()
  const format = useFormat()
  const path = resultPath(counted.id)
  if (counted.state === 'counted-before') {
    return (
      <Note kind="plain" heading={form.answered}>
        <p>{form.answeredText}</p>
        <Next path={path}>{isOpen && <Button onClick={onAnother}>{form.another}</Button>}</Next>
      </Note>
    )
  }
  const { replaced, cookie } = counted
  return (
    <Note kind="good" heading={form.counted} focus>
      {replaced && <p>{form.replaced}</p>}
      {publishEvery > 1 && (
        <p>{replaced ? form.changeShown(publishEvery) : form.shownWithGroup(publishEvery)}</p>
      )}
      <p>{cookieText(form, cookie, closesAt && format.day(closesAt))}</p>
      <Next path={path}>
        {isOpen && (cookie === 'kept' || cookie === 'unneeded') && (
          <Button onClick={onChange}>{form.change}</Button>
        )}
        {isOpen && (cookie === 'unwanted' || cookie === 'refused' || cookie === 'unneeded') && (
          <Button onClick={onAnother}>{form.another}</Button>
        )}
      </Next>
    </Note>
  )
}

function Next({ path, children }: { path: string; children: ReactNode }) {
  const { form } = useTexts()
  return (
    <>
      <p>
        <PageLink href={path}>{form.resultLink}</PageLink>
      </p>
      <ShareLink path={path} />
      <p className={styles.actions}>{children}</p>
    </>
  )
}

function cookieText(form: Texts['form'], cookie: Cookie, until: string | null): string {
  switch (cookie) {
    case 'unwanted':
      return form.countedAnonymous
    case 'kept':
      return form.countedRemembered(until)
    case 'refused':
      return form.countedNoCookie
    case 'unchecked':
      return form.countedUnchecked
    case 'unneeded':
      return form.countedByCode(until)
  }
}
