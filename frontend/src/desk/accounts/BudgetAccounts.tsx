import { useQuery } from 'urql'
import { useChange } from '../api/useChange'
import { ChangeProblem } from '../components/ChangeProblem'
import { DataTable } from '../components/DataTable'
import { QueryState } from '../components/QueryState'
import { useDeskTexts } from '../texts/useDeskTexts'
import { AccountsQuery, SetRole } from './accountOperations'
import { NO_ROLE, RoleSelect } from './RoleSelect'

/** The roles of all accounts in one budget. */
export function BudgetAccounts({ slug }: { slug: string }) {
  const { accounts: texts, roles } = useDeskTexts()
  const [{ data, error }, ask] = useQuery({ query: AccountsQuery })
  const setRole = useChange(SetRole)
  const reload = () => {
    ask({ requestPolicy: 'network-only' })
  }
  if (!data) return <QueryState error={error} onRetry={reload} />
  return (
    <>
      <ChangeProblem problem={setRole.problem} />
      <DataTable
        caption={texts.inBudget}
        heads={[texts.name, texts.role, texts.inInstallation]}
        empty={texts.none}
        rows={data.accounts.map(({ id, name, role, budgets }) => ({
          key: id,
          cells: [
            name,
            <RoleSelect
              key="role"
              label={texts.roleOf(name)}
              value={budgets.find((one) => one.slug === slug)?.role ?? NO_ROLE}
              onChange={(chosen) => {
                void setRole.run({ account: id, role: chosen, budget: slug }).then((done) => {
                  if (done) reload()
                })
              }}
            />,
            role === null ? texts.noRole : roles[role],
          ],
        }))}
      />
    </>
  )
}
