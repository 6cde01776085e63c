import type { PageBudgetFragment, PageViewerFragment } from '../../gql/graphql'
import { CodeEntry } from './CodeEntry'
import { Participation } from './Participation'
import { useCode } from './useCode'

interface Props {
  budget: PageBudgetFragment
  viewer: PageViewerFragment
}

/** Asks for the code first, because the code decides whose answer the form shows. A cookie plays no role. */
export function ParticipationByCode({ budget, viewer }: Props) {
  const { redeeming, enter, leave } = useCode(budget.slug)
  if (redeeming.state === 'held') {
    const { held } = redeeming
    return <Participation key={held.code} budget={budget} viewer={viewer} code={{ ...held, leave }} />
  }
  return (
    <Participation
      budget={budget}
      viewer={viewer}
      entry={<CodeEntry redeeming={redeeming} onEnter={enter} />}
    />
  )
}
