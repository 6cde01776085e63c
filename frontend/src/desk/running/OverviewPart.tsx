import { Deferred } from '../../components/Deferred'
import { useBudget } from '../budgets/useBudget'
import { includes } from '../session/useSession'
import { draftOf } from '../editor/draft'
import { ProblemsBeforeOpening } from './ProblemsBeforeOpening'
import { AttentionList } from './AttentionList'
import { Figures } from './Figures'
import { LiveChart } from './LiveChart'
import { PublishEveryHint } from './PublishEveryHint'
import { RunControls } from './RunControls'
import { Schedule } from './Schedule'

/** The first screen of a budget: what it needs before it is opened, then how it goes. */
export function OverviewPart() {
  const { budget } = useBudget()
  const hasBegun = budget.state !== 'DRAFT' && budget.state !== 'SCHEDULED'
  const isRunning = budget.state === 'OPEN' || budget.state === 'PAUSED'
  const isOrganiser = includes(budget.role, 'ORGANISER')
  return (
    <>
      {isOrganiser && !hasBegun && <ProblemsBeforeOpening />}
      {isOrganiser && <RunControls />}
      {hasBegun && <AttentionList slug={budget.slug} />}
      {hasBegun && <Figures slug={budget.slug} />}
      {isOrganiser && isRunning && !budget.isFrozen && <PublishEveryHint />}
      {hasBegun && (
        <Deferred>
          <LiveChart
            key={budget.version}
            slug={budget.slug}
            draft={draftOf(budget.draft)}
            state={budget.state}
          />
        </Deferred>
      )}
      {isOrganiser && (
        <Schedule key={`${budget.opensAt ?? ''} ${budget.closesAt ?? ''} ${budget.timeZone}`} />
      )}
    </>
  )
}
