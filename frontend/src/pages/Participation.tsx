import { useReducer } from 'react'
import { AllocationForm } from '../components/allocation/AllocationForm'
import { BudgetTitle } from '../components/BudgetTitle'
import { LiveResults } from '../components/results/LiveResults'
import { Note } from '../components/Note'
import { useSubmitAllocation } from '../components/allocation/useSubmitAllocation'
import { emptyAllocation } from '../domain/allocation'
import { changesAllocation, draftOf, draftReducer, type DraftAction } from '../domain/draft'
import type { PageBudgetFragment, PageViewerFragment } from '../gql/graphql'
import { allocationOf } from '../live/allocationOf'
import { closedText } from './closedText'
import { useFormat, useTexts } from '../texts/useTexts'
import styles from './Participation.module.css'

interface Props {
  budget: PageBudgetFragment
  viewer: PageViewerFragment
}

export function Participation({ budget, viewer }: Props) {
  const texts = useTexts()
  const format = useFormat()
  const keys = budget.categories.map(({ key }) => key)
  const earlier = viewer.submissions.nodes.find((own) => own.budget.slug === budget.slug && own.counted)
  const [draft, edit] = useReducer(draftReducer, undefined, () =>
    draftOf(earlier ? allocationOf(keys, earlier.shares) : emptyAllocation(keys)),
  )
  const { submitting, remembered: justRemembered, submit, edited } = useSubmitAllocation(budget.slug)
  const isOpen = budget.status === 'OPEN'

  function editDraft(action: DraftAction) {
    if (changesAllocation(action)) edited()
    edit(action)
  }

  return (
    <>
      <BudgetTitle budget={budget} />
      <div className={styles.columns}>
        {isOpen ? (
          <AllocationForm
            categories={budget.categories}
            draft={draft}
            remembered={viewer.participant !== null || justRemembered}
            revising={earlier !== undefined || justRemembered}
            submitting={submitting}
            onEdit={editDraft}
            onSubmit={(remember) => {
              void submit(draft.allocation, remember)
            }}
          />
        ) : (
          <Note kind="plain" heading={closedText(texts, format, budget)} />
        )}
        <div className={styles.live}>
          <LiveResults
            budget={budget.slug}
            heading={texts.results.heading}
            categories={budget.categories}
            initial={budget.aggregate}
            mine={isOpen || earlier ? draft.allocation : undefined}
          />
        </div>
      </div>
    </>
  )
}
