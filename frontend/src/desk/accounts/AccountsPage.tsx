import { useQuery } from 'urql'
import { Button } from '../../components/Button'
import { Page } from '../../components/Page'
import hidden from '../../styles/hidden.module.css'
import { useFormat } from '../../texts/useTexts'
import { useChange } from '../api/useChange'
import actions from '../components/Actions.module.css'
import { ChangeProblem } from '../components/ChangeProblem'
import { ConfirmButton } from '../components/ConfirmButton'
import { DataTable } from '../components/DataTable'
import { QueryState } from '../components/QueryState'
import { Tag } from '../components/Tag'
import { useSession } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import {
  AccountsQuery,
  DisableAccount,
  EndAccountSessions,
  SetRole,
  WithdrawInvitation,
} from './accountOperations'
import { InviteForm } from './InviteForm'
import { NO_ROLE, RoleSelect } from './RoleSelect'

/** All accounts of the installation, for its owners. */
export function AccountsPage() {
  const { accounts: texts, roles } = useDeskTexts()
  const format = useFormat()
  const { me } = useSession()
  const [{ data, error }, ask] = useQuery({ query: AccountsQuery })
  const setRole = useChange(SetRole)
  const disable = useChange(DisableAccount)
  const endSessions = useChange(EndAccountSessions)
  const withdraw = useChange(WithdrawInvitation)
  const problem = [setRole, disable, endSessions, withdraw].find((one) => one.problem)?.problem

  function reload() {
    ask({ requestPolicy: 'network-only' })
  }
  async function after(change: Promise<unknown>) {
    if ((await change) !== undefined) reload()
  }

  return (
    <Page title={texts.heading}>
      <h1>{texts.heading}</h1>
      <ChangeProblem problem={problem} />
      {!data && <QueryState error={error} onRetry={reload} />}
      {data && (
        <>
          <DataTable
            caption={texts.heading}
            heads={[texts.name, texts.role, texts.budgets, texts.seen, texts.actions]}
            empty={texts.none}
            rows={data.accounts.map(({ id, name, role, budgets, hasTotp, lastSeenAt, disabled }) => ({
              key: id,
              cells: [
                <span key="name">
                  {name} {disabled && <Tag kind="bad">{texts.disabled}</Tag>}{' '}
                  {hasTotp && <Tag>{texts.totp}</Tag>}
                </span>,
                <RoleSelect
                  key="role"
                  label={texts.roleOf(name)}
                  value={role ?? NO_ROLE}
                  onChange={(chosen) => {
                    void after(setRole.run({ account: id, role: chosen, budget: null }))
                  }}
                />,
                budgets.map((one) => `${one.title} (${roles[one.role]})`).join(', '),
                lastSeenAt === null ? texts.never : format.day(lastSeenAt),
                <span key="actions" className={actions.inCell}>
                  <Button
                    onClick={() => {
                      void after(endSessions.run({ account: id }))
                    }}
                  >
                    {texts.endSessions}
                    <span className={hidden.hidden}>: {name}</span>
                  </Button>
                  {id !== me.id &&
                    (disabled ? (
                      <Button
                        onClick={() => {
                          void after(disable.run({ id, disabled: false }))
                        }}
                      >
                        {texts.enable}
                      </Button>
                    ) : (
                      <ConfirmButton
                        label={texts.disable}
                        question={texts.disableQuestion(name)}
                        onConfirm={() => {
                          void after(disable.run({ id, disabled: true }))
                        }}
                      />
                    ))}
                </span>,
              ],
            }))}
          />
          <h2>{texts.invitations}</h2>
          <DataTable
            caption={texts.invitations}
            heads={[texts.role, texts.by, texts.expires, texts.actions]}
            empty={texts.noInvitations}
            rows={data.invitations.map(({ id, role, budget, createdBy, expiresAt }) => ({
              key: id,
              cells: [
                budget ? `${roles[budget.role]}: ${budget.title}` : role !== null && roles[role],
                createdBy,
                format.day(expiresAt),
                <Button
                  key="withdraw"
                  onClick={() => {
                    void after(withdraw.run({ id }))
                  }}
                >
                  {texts.withdraw}
                </Button>,
              ],
            }))}
          />
        </>
      )}
      <InviteForm onInvited={reload} />
    </Page>
  )
}
