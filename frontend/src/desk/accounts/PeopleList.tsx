import { useQuery } from 'urql'
import { useChange } from '../api/useChange'
import { ChangeProblem } from '../components/ChangeProblem'
import { DataTable } from '../components/DataTable'
import { QueryState } from '../components/QueryState'
import { Tag } from '../components/Tag'
import { useDeskTexts } from '../texts/useDeskTexts'
import { PeopleQuery, SetRole } from './accountOperations'
import { RoleSelect } from './RoleSelect'

/** Who has a role in one budget, for its owners. */
export function PeopleList({ slug }: { slug: string }) {
  const { accounts: texts } = useDeskTexts()
  const [{ data, error }, ask] = useQuery({ query: PeopleQuery, variables: { budget: slug } })
  const setRole = useChange(SetRole)
  const reload = () => {
    ask({ requestPolicy: 'network-only' })
  }
  if (!data) return <QueryState error={error} onRetry={reload} />
  return (
    <>
      <p>{texts.peopleText}</p>
      <ChangeProblem problem={setRole.problem} />
      <DataTable
        caption={texts.inBudget}
        heads={[texts.name, texts.role]}
        empty={texts.none}
        rows={data.people.map(({ account, name, role, disabled }) => ({
          key: account,
          cells: [
            <>
              {name} {disabled && <Tag kind="bad">{texts.disabled}</Tag>}
            </>,
            <RoleSelect
              key="role"
              label={texts.roleOf(name)}
              value={role}
              onChange={(chosen) => {
                void setRole.run({ account, role: chosen, budget: slug }).then((done) => {
                  if (done) reload()
                })
              }}
            />,
          ],
        }))}
      />
    </>
  )
}
