import { useState } from 'react'
import { Button } from '../../components/Button'
import { useChange } from '../api/useChange'
import { ChangeProblem } from '../components/ChangeProblem'
import { CopyText } from '../components/CopyText'
import { Form } from '../components/Form'
import { SelectField } from '../components/SelectField'
import type { DeskRole } from '../gql/graphql'
import { useDeskTexts } from '../texts/useDeskTexts'
import { Invite } from './accountOperations'
import styles from './OwnAccount.module.css'
import { ROLES } from './RoleSelect'

/** Makes a link by which one person gets an account with a role: in one budget, or in the installation. */
export function InviteForm({ budget, onInvited }: { budget?: string; onInvited: () => void }) {
  const { accounts: texts, roles } = useDeskTexts()
  const [role, setRole] = useState<DeskRole>('ORGANISER')
  const [url, setUrl] = useState<string>()
  const invite = useChange(Invite)

  async function submit() {
    const made = await invite.run({
      input: budget === undefined ? { role } : { budget, budgetRole: role },
    })
    if (!made) return
    setUrl(made.invite.url)
    onInvited()
  }

  return (
    <section className={styles.narrow}>
      <h2>{texts.invite}</h2>
      <Form onSubmit={submit}>
        <ChangeProblem problem={invite.problem} />
        <SelectField
          label={texts.role}
          value={role}
          options={ROLES}
          nameOf={(one) => `${roles[one]}: ${texts.roleTexts[one]}`}
          onChange={setRole}
        />
        <Button type="submit" disabled={invite.isRunning}>
          {texts.makeLink}
        </Button>
      </Form>
      {url !== undefined && (
        <>
          <p>{texts.shownOnce}</p>
          <CopyText label={texts.link} text={url} />
        </>
      )}
    </section>
  )
}
