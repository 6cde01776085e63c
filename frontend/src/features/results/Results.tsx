import type { Allocation } from '../../domain/allocation'
import type { Snapshot } from '../../live/snapshot'
import type { ComparedCategory, Subject } from './comparisonLines'
import { Exclusions, type Exclusion } from './Exclusions'
import { HiddenResults } from './HiddenResults'
import { LiveResults } from './LiveResults'
import { ResultsGate } from './ResultsGate'
import type { Participation, ResultVisibility } from '../../gql/graphql'

export interface ResultsBudget {
  readonly slug: string
  readonly title: string
  readonly categories: readonly ComparedCategory[]
  readonly aggregate: Snapshot | null
  readonly publishEvery: number
  readonly visibility: ResultVisibility
  readonly participation: Participation
  readonly closesAt: string | null
  readonly exclusions: readonly Exclusion[]
}

interface Props {
  budget: ResultsBudget
  heading: string
  /** Whether the budget takes no more answers. */
  isOver: boolean
  /** Whether the viewer has just answered. */
  hasAnswered?: boolean
  mine?: Allocation | undefined
  subject?: Subject
}

/** The results of a budget where the viewer may see them, and how many answers they leave out. */
export function Results({ budget, heading, isOver, hasAnswered = false, mine, subject = 'mine' }: Props) {
  const { slug, title, categories, visibility } = budget
  return (
    <>
      <ResultsGate
        budget={slug}
        initial={budget.aggregate}
        visibility={visibility}
        occasion={`${isOver} ${hasAnswered}`}
        hidden={
          <HiddenResults
            title={title}
            heading={heading}
            categories={categories}
            visibility={visibility}
            needsCookie={budget.participation === 'OPEN'}
            hasAnswered={hasAnswered}
            closesAt={budget.closesAt}
            mine={mine}
            subject={subject}
          />
        }
      >
        {(initial, onHidden) => (
          <LiveResults
            budget={slug}
            title={title}
            heading={heading}
            categories={categories}
            initial={initial}
            publishEvery={budget.publishEvery}
            isOver={isOver}
            mine={mine}
            subject={subject}
            onHidden={onHidden}
          />
        )}
      </ResultsGate>
      <Exclusions exclusions={budget.exclusions} />
    </>
  )
}
