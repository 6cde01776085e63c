import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { AllocationForm } from './AllocationForm'
import { storedAnswer } from './answerStorage'
import { CountedNote } from './CountedNote'
import { forgetDraft } from './draftStorage'
import { startAllocation, startsOf } from './starts'
import { useDraft } from './useDraft'
import { useSubmitAllocation } from './useSubmitAllocation'
import { BrokenPart } from '../../components/states/BrokenPart'
import { BudgetTitle } from '../../components/budget/BudgetTitle'
import { HowItWorks } from '../../components/budget/HowItWorks'
import { ErrorBoundary } from '../../components/states/ErrorBoundary'
import { LoadingPart } from '../../components/states/LoadingPart'
import { Note } from '../../components/Note'
import { ReceiptDisclosure } from '../receipt/ReceiptDisclosure'
import { useNearby } from './useNearby'
import { usePhase } from '../../components/budget/usePhase'
import { total } from '../../domain/allocation'
import { changesAllocation, type DraftAction } from './draft'
import type { PageBudgetFragment, PageViewerFragment } from '../../gql/graphql'
import { allocationOf } from '../results/allocationOf'
import { useFormat, useTexts } from '../../texts/useTexts'
import { closedText } from './closedText'
import styles from './Participation.module.css'

// Loaded later, so that the form can be used before the chart and its live connection are there.
const LiveResults = lazy(async () => ({
  default: (await import('../results/LiveResults')).LiveResults,
}))

interface Props {
  budget: PageBudgetFragment
  viewer: PageViewerFragment
}

export function Participation({ budget, viewer }: Props) {
  const texts = useTexts()
  const format = useFormat()
  const { slug, categories, currency, totalAmount } = budget
  const keys = categories.map(({ key }) => key)
  const earlier = viewer.submissions.nodes.find((own) => own.budget.slug === slug && own.counted)
  const starts = startsOf(categories, earlier && allocationOf(keys, earlier.shares))
  const start = startAllocation(budget.startPosition, starts)
  // A participant with a cookie gets the form to revise the answer. Without one, only this tab knows of the answer.
  const [inTab] = useState(() => (viewer.participant === null ? storedAnswer(slug, keys) : undefined))
  const [draft, edit] = useDraft(slug, inTab?.allocation ?? start)
  const { submitting, remembered, submit, edited, beginAnew } = useSubmitAllocation(slug, keys, inTab)
  const phase = usePhase(budget)
  const hasCounted = submitting.state === 'counted' || submitting.state === 'counted-before'
  const live = useRef<HTMLDivElement>(null)
  // On a phone the chart is far below the form; it is loaded when it comes near, or after the submission.
  const isNearby = useNearby(live)
  const showsLive = isNearby || hasCounted

  useEffect(() => {
    if (submitting.state === 'counted') forgetDraft(slug)
  }, [slug, submitting.state])

  function editDraft(action: DraftAction) {
    if (changesAllocation(action)) edited()
    edit(action)
  }

  return (
    <>
      <BudgetTitle budget={budget} />
      <div className={styles.columns}>
        <div className={styles.form}>
          {hasCounted && (
            <CountedNote
              counted={submitting}
              closesAt={budget.closesAt}
              publishEvery={budget.publishEvery}
              isOpen={phase === 'open'}
              onChange={edited}
              onAnother={() => {
                beginAnew()
                edit({ type: 'begun-anew', from: start })
              }}
            />
          )}
          {phase !== 'open' && <Note kind="plain" heading={closedText(texts, format, budget, phase)} />}
          {phase === 'open' && !hasCounted && (
            <AllocationForm
              categories={categories}
              total={totalAmount === null ? undefined : { amount: totalAmount, currency }}
              draft={draft}
              starts={starts}
              remembered={remembered ?? viewer.participant !== null}
              revising={remembered ?? earlier !== undefined}
              submitting={submitting}
              onEdit={editDraft}
              onSubmit={(remember) => {
                void submit(draft.allocation, remember)
              }}
            />
          )}
          {phase !== 'over' && (
            <ReceiptDisclosure
              currency={currency}
              categories={categories}
              mine={draft.allocation}
              real={starts.actual}
              illustration={budget.taxIllustration}
            />
          )}
        </div>
        <div ref={live} className={styles.live}>
          {showsLive && (
            <ErrorBoundary fallback={<BrokenPart />}>
              <Suspense fallback={<LoadingPart />}>
                <LiveResults
                  budget={slug}
                  title={budget.title}
                  heading={texts.results.heading}
                  categories={categories}
                  initial={budget.aggregate}
                  publishEvery={budget.publishEvery}
                  isOver={phase === 'over'}
                  mine={total(draft.allocation) > 0 ? draft.allocation : undefined}
                />
              </Suspense>
            </ErrorBoundary>
          )}
        </div>
      </div>
      <HowItWorks budget={budget} />
    </>
  )
}
