import { useBudget } from '../budgets/useBudget'
import { includes, useSession } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { BudgetAccounts } from './BudgetAccounts'
import { InviteForm } from './InviteForm'
import { PeopleList } from './PeopleList'

/** Who works on a budget. Its owners give roles and invite; those of the installation choose among all accounts. */
export function PeoplePart() {
  const { accounts: texts } = useDeskTexts()
  const { budget } = useBudget()
  const { me } = useSession()
  if (!includes(budget.role, 'OWNER')) return <p>{texts.ownersInvite}</p>
  return (
    <>
      {includes(me.role, 'OWNER') ? <BudgetAccounts slug={budget.slug} /> : <PeopleList slug={budget.slug} />}
      <InviteForm budget={budget.slug} onInvited={() => undefined} />
    </>
  )
}
