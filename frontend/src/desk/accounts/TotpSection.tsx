import { useState } from 'react'
import { Button } from '../../components/Button'
import { useChange } from '../api/useChange'
import { ChangeProblem } from '../components/ChangeProblem'
import { Form } from '../components/Form'
import { Picture } from '../components/Picture'
import { TextField } from '../components/TextField'
import type { BeginTotpMutation } from '../gql/graphql'
import { useSession } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { BeginTotp, ConfirmTotp, RemoveTotp } from './ownOperations'
import styles from './OwnAccount.module.css'

/** The second factor: a code that an app on another device shows. */
export function TotpSection() {
  const { account: texts } = useDeskTexts()
  const { me } = useSession()
  return (
    <section className={styles.narrow}>
      <h2>{texts.totp}</h2>
      <p>{texts.totpText}</p>
      {me.hasTotp ? <RemoveForm /> : <SetUp />}
    </section>
  )
}

function SetUp() {
  const { account: texts, signIn } = useDeskTexts()
  const { setMe } = useSession()
  const [setup, setSetup] = useState<BeginTotpMutation['beginTotp']>()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const begin = useChange(BeginTotp)
  const confirm = useChange(ConfirmTotp)

  async function start() {
    const done = await begin.run({ password })
    if (done) setSetup(done.beginTotp)
  }
  async function submit() {
    const done = await confirm.run({ code })
    if (done) setMe(done.confirmTotp)
  }

  if (!setup) {
    return (
      <Form onSubmit={start}>
        <ChangeProblem problem={begin.problem} />
        <TextField
          label={signIn.password}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          required
        />
        <Button type="submit" disabled={begin.isRunning}>
          {texts.setUpTotp}
        </Button>
      </Form>
    )
  }
  return (
    <Form onSubmit={submit}>
      <p>{texts.scan}</p>
      <Picture className={styles.qr} svg={setup.qrSvg} alt={texts.qr} />
      <p>
        {texts.secret} <code dir="ltr">{setup.secret}</code>
      </p>
      <ChangeProblem problem={confirm.problem} />
      <TextField
        label={signIn.totp}
        hint={signIn.totpHint}
        value={code}
        onChange={setCode}
        inputMode="numeric"
        autoComplete="one-time-code"
        required
      />
      <Button strong type="submit" disabled={confirm.isRunning}>
        {texts.confirmTotp}
      </Button>
    </Form>
  )
}

function RemoveForm() {
  const { account: texts, signIn } = useDeskTexts()
  const { setMe } = useSession()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const remove = useChange(RemoveTotp)

  async function submit() {
    const done = await remove.run({ password, code })
    if (done) setMe(done.removeTotp)
  }

  return (
    <Form onSubmit={submit}>
      <p>{texts.totpOn}</p>
      <ChangeProblem problem={remove.problem} />
      <TextField
        label={signIn.password}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        required
      />
      <TextField
        label={signIn.totp}
        value={code}
        onChange={setCode}
        inputMode="numeric"
        autoComplete="one-time-code"
        required
      />
      <Button type="submit" disabled={remove.isRunning}>
        {texts.removeTotp}
      </Button>
    </Form>
  )
}
