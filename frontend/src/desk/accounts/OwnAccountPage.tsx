import { Page } from '../../components/Page'
import { useSession } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { PasswordForm } from './PasswordForm'
import { SessionList } from './SessionList'
import { TotpSection } from './TotpSection'

/** The own account: password, second factor, sessions. */
export function OwnAccountPage() {
  const { account: texts, roles, accounts } = useDeskTexts()
  const { me } = useSession()
  return (
    <Page title={me.name}>
      <h1>{me.name}</h1>
      <p>{texts.role(me.role === null ? accounts.noRole : roles[me.role])}</p>
      {me.budgets.length > 0 && (
        <ul>
          {me.budgets.map(({ slug, title, role }) => (
            <li key={slug}>
              {title}: {roles[role]}
            </li>
          ))}
        </ul>
      )}
      {me.hasPassword && <PasswordForm />}
      {me.hasPassword && <TotpSection />}
      <SessionList />
    </Page>
  )
}
