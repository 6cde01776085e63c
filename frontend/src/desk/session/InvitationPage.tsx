import { useState } from 'react'
import { useQuery } from 'urql'
import { useLocation } from 'wouter'
import { Button } from '../../components/Button'
import { Page } from '../../components/Page'
import { LoadingContent } from '../../components/states/LoadingContent'
import { ProblemContent } from '../../components/states/ProblemContent'
import { problemOf } from '../../graphql/problem'
import { useFormat } from '../../texts/useTexts'
import { useChange } from '../api/useChange'
import { ChangeProblem } from '../components/ChangeProblem'
import { Form } from '../components/Form'
import { TextField } from '../components/TextField'
import { graphql } from '../gql'
import { useDeskTexts } from '../texts/useDeskTexts'
import styles from './SignInPage.module.css'

const InvitationQuery = graphql(`
  query Invitation($token: String!) {
    invitation(token: $token) {
      role
      createdBy
      expiresAt
      budget {
        title
        role
      }
    }
  }
`)

const AcceptInvitation = graphql(`
  mutation AcceptInvitation($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) {
      needsTotp
      me {
        ...Me
      }
    }
  }
`)

/** Must be what the server asks for. */
const SHORTEST_PASSWORD = 12

/** A link that lets somebody make an account. On the first run it makes the owner's. */
export function InvitationPage({ token }: { token: string }) {
  const { invitation: texts, roles } = useDeskTexts()
  const format = useFormat()
  const [{ data, error }, ask] = useQuery({ query: InvitationQuery, variables: { token } })
  if (error) {
    return (
      <Page>
        <ProblemContent
          problem={problemOf(error)}
          onRetry={() => {
            ask({ requestPolicy: 'network-only' })
          }}
        />
      </Page>
    )
  }
  if (!data) {
    return (
      <Page>
        <LoadingContent />
      </Page>
    )
  }
  if (!data.invitation) {
    return (
      <Page title={texts.goneHeading}>
        <div className={styles.narrow}>
          <h1>{texts.goneHeading}</h1>
          <p>{texts.gone}</p>
        </div>
      </Page>
    )
  }
  const { role, budget, createdBy, expiresAt } = data.invitation
  return (
    <Page title={texts.heading}>
      <div className={styles.narrow}>
        <h1>{texts.heading}</h1>
        {createdBy !== null && <p>{texts.from(createdBy)}</p>}
        {role !== null && <p>{texts.role(roles[role])}</p>}
        {budget && <p>{texts.roleInBudget(roles[budget.role], budget.title)}</p>}
        <p className={styles.hint}>{texts.until(format.day(expiresAt))}</p>
        <AcceptForm token={token} />
      </div>
    </Page>
  )
}

function AcceptForm({ token }: { token: string }) {
  const { invitation: texts, signIn } = useDeskTexts()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const change = useChange(AcceptInvitation)
  const [, go] = useLocation()

  async function submit() {
    // The page below asks who is signed in, so the answer's account is not needed here.
    if (await change.run({ input: { token, name, password } })) go('/')
  }

  return (
    <Form onSubmit={submit}>
      <ChangeProblem problem={change.problem} />
      <TextField
        label={signIn.name}
        hint={texts.nameHint}
        value={name}
        onChange={setName}
        autoComplete="username"
        required
      />
      <TextField
        label={signIn.password}
        hint={texts.passwordHint(SHORTEST_PASSWORD)}
        value={password}
        onChange={setPassword}
        type="password"
        autoComplete="new-password"
        minLength={SHORTEST_PASSWORD}
        required
      />
      <p>
        <Button strong type="submit" disabled={change.isRunning}>
          {texts.submit}
        </Button>
      </p>
    </Form>
  )
}
