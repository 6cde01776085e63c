import { useBudget } from '../budgets/useBudget'
import { includes, useSession } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { BudgetAccounts } from './BudgetAccounts'
import { InviteForm } from './InviteForm'

/** Who works on a budget. Its owners invite others; the list is for the owners of the installation. */
export function PeoplePart() {
  const { accounts: texts } = useDeskTexts()
  const { budget } = useBudget()
  const { me } = useSession()
  const mayInvite = includes(budget.role, 'OWNER')
  return (
    <>
      {includes(me.role, 'OWNER') && <BudgetAccounts slug={budget.slug} />}
      {mayInvite ? (
        <InviteForm budget={budget.slug} onInvited={() => undefined} />
      ) : (
        <p>{texts.ownersInvite}</p>
      )}
    </>
  )
}
