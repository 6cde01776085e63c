import { useReducer, useState } from 'react'
import { BudgetTitle } from '../../components/budget/BudgetTitle'
import { HowItWorks } from '../../components/budget/HowItWorks'
import { Note } from '../../components/Note'
import type { PageBudgetFragment } from '../../gql/graphql'
import { useTexts } from '../../texts/useTexts'
import { ReceiptDisclosure } from '../receipt/ReceiptDisclosure'
import { AllocationForm } from './AllocationForm'
import { draftOf, draftReducer } from './draft'
import { startAllocation, startsOf } from './starts'
import styles from './Preview.module.css'

const NOT_SENT = { state: 'editing' } as const

/** The form as participants see it. Nothing that is given here is sent, and nothing is kept for a reload. */
export function Preview({ budget }: { budget: PageBudgetFragment }) {
  const { preview: texts } = useTexts()
  const { categories, currency, totalAmount } = budget
  const starts = startsOf(categories, undefined)
  const [draft, edit] = useReducer(draftReducer, undefined, () =>
    draftOf(startAllocation(budget.startPosition, starts)),
  )
  /** Counts the complete answers. Each one mounts the note anew, which takes the focus; 0 while there is none. */
  const [checked, setChecked] = useState(0)
  return (
    <>
      <div className={styles.banner}>
        <Note kind="problem" heading={texts.heading}>
          <p>{texts.text}</p>
        </Note>
      </div>
      <BudgetTitle budget={budget} />
      {checked > 0 && <Note key={checked} kind="good" heading={texts.checked} focus />}
      <AllocationForm
        categories={categories}
        total={totalAmount === null ? undefined : { amount: totalAmount, currency }}
        draft={draft}
        starts={starts}
        remembered={budget.participation === 'CODE'}
        revising={false}
        isLatestShown={false}
        isByCode={budget.participation === 'CODE'}
        submitting={NOT_SENT}
        onEdit={(action) => {
          setChecked(0)
          edit(action)
        }}
        onSubmit={() => {
          setChecked(checked + 1)
        }}
      />
      <ReceiptDisclosure
        currency={currency}
        categories={categories}
        mine={draft.allocation}
        real={starts.actual}
        illustration={budget.taxIllustration}
      />
      <HowItWorks budget={budget} />
    </>
  )
}
