import { useState } from 'react'
import { Button } from '../../components/Button'
import { useChange } from '../api/useChange'
import { graphql } from '../gql'
import { useDeskTexts } from '../texts/useDeskTexts'
import { ChangeProblem } from '../components/ChangeProblem'
import { Form } from '../components/Form'
import { TextField } from '../components/TextField'
import type { Me } from './useSession'

const SignIn = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      needsTotp
      me {
        ...Me
      }
    }
  }
`)

interface Props {
  name?: string
  onSignedIn: (me: Me) => void
}

/** Asks for the code of the second factor only after the right password. */
export function SignInForm({ name: known = '', onSignedIn }: Props) {
  const { signIn: texts } = useDeskTexts()
  const [name, setName] = useState(known)
  const [password, setPassword] = useState('')
  const [totp, setTotp] = useState('')
  const [needsTotp, setNeedsTotp] = useState(false)
  const change = useChange(SignIn)

  async function submit() {
    const data = await change.run({ input: { name, password, totp: needsTotp ? totp : null } })
    if (data?.signIn.me) onSignedIn(data.signIn.me)
    else if (data?.signIn.needsTotp) setNeedsTotp(true)
  }

  return (
    <Form onSubmit={submit}>
      <ChangeProblem problem={change.problem} wrongPassword={texts.wrong} />
      <TextField label={texts.name} value={name} onChange={setName} autoComplete="username" required />
      <TextField
        label={texts.password}
        value={password}
        onChange={setPassword}
        type="password"
        autoComplete="current-password"
        required
      />
      {needsTotp && (
        <TextField
          label={texts.totp}
          hint={texts.totpHint}
          value={totp}
          onChange={setTotp}
          inputMode="numeric"
          autoComplete="one-time-code"
          focus
          required
        />
      )}
      <p>
        <Button strong type="submit" disabled={change.isRunning}>
          {texts.submit}
        </Button>
      </p>
    </Form>
  )
}
