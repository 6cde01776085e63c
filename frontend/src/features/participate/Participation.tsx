import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react'
import { AllocationForm } from './AllocationForm'
import { storedAnswer } from './answerStorage'
import { CountedNote } from './CountedNote'
import { forgetDraft } from './draftStorage'
import { startAllocation, startsOf } from './starts'
import { useCategoryOrder } from './useCategoryOrder'
import { useDraft } from './useDraft'
import { useSubmitAllocation } from './useSubmitAllocation'
import { BrokenPart } from '../../components/states/BrokenPart'
import { Button } from '../../components/Button'
import { BudgetTitle } from '../../components/budget/BudgetTitle'
import { HowItWorks } from '../../components/budget/HowItWorks'
import { ErrorBoundary } from '../../components/states/ErrorBoundary'
import { LoadingPart } from '../../components/states/LoadingPart'
import { Note } from '../../components/Note'
import { ReceiptDisclosure } from '../receipt/ReceiptDisclosure'
import type { HeldCode } from './useCode'
import { useNearby } from '../../components/useNearby'
import { usePhase } from '../../components/budget/usePhase'
import { total } from '../../domain/allocation'
import { changesAllocation, type DraftAction } from './draft'
import type { PageBudgetFragment, PageViewerFragment } from '../../gql/graphql'
import { allocationOf } from '../results/allocationOf'
import { useFormat, useTexts } from '../../texts/useTexts'
import { phaseText } from '../../components/budget/phaseText'
import styles from './Participation.module.css'

// Loaded later, so that the form can be used before the chart and its live connection are there.
const Results = lazy(async () => ({
  default: (await import('../results/Results')).Results,
}))

interface Props {
  budget: PageBudgetFragment
  viewer: PageViewerFragment
  /** On a budget with participation by code: the code that the person takes part with. */
  code?: HeldCode & { leave: () => void }
  /** Shown instead of the form, as long as the person may not answer. */
  entry?: ReactNode
}

export function Participation({ budget, viewer, code, entry }: Props) {
  const texts = useTexts()
  const format = useFormat()
  const { slug, categories, currency, totalAmount } = budget
  const { ordered, orderAnew } = useCategoryOrder(slug, categories, budget.categoryOrder)
  const keys = categories.map(({ key }) => key)
  const isByCode = budget.participation === 'CODE'
  const [stored] = useState(() => storedAnswer(slug, keys))
  const earlier = viewer.submissions.nodes.find((own) => own.budget.slug === slug && own.counted)
  // An answer that was given with a code is known to the tab that gave it, and shown nowhere else.
  const latest = isByCode ? code && stored?.allocation : earlier && allocationOf(keys, earlier.shares)
  const starts = startsOf(categories, latest)
  const start = startAllocation(budget.startPosition, starts)
  // A participant with a cookie or a code gets the form to revise the answer. Without, only this tab knows of the answer.
  const inTab = viewer.participant === null && !isByCode ? stored : undefined
  const [draft, edit] = useDraft(slug, inTab?.allocation ?? start)
  const { submitting, remembered, submit, edited, beginAnew } = useSubmitAllocation(
    slug,
    keys,
    inTab,
    code?.code,
  )
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
                orderAnew()
                code?.leave()
              }}
            />
          )}
          {phase !== 'open' && <Note kind="plain" heading={phaseText(texts, format, budget, phase)} />}
          {phase === 'open' && !hasCounted && entry}
          {phase === 'open' && !hasCounted && code && (
            <Note kind="plain" heading={texts.code.accepted} focus={code.typed}>
              <Button onClick={code.leave}>{texts.code.another}</Button>
            </Note>
          )}
          {phase === 'open' && !hasCounted && !entry && (
            <AllocationForm
              categories={ordered}
              total={totalAmount === null ? undefined : { amount: totalAmount, currency }}
              draft={draft}
              starts={starts}
              remembered={isByCode || (remembered ?? viewer.participant !== null)}
              revising={remembered ?? (isByCode ? code?.hasAnswered === true : earlier !== undefined)}
              isLatestShown={remembered === true || latest !== undefined}
              isByCode={isByCode}
              submitting={submitting}
              onEdit={editDraft}
              onSubmit={(remember) => {
                void submit(draft.allocation, remember && !isByCode)
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
                <Results
                  budget={budget}
                  heading={texts.results.heading}
                  isOver={phase === 'over'}
                  hasAnswered={hasCounted}
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
