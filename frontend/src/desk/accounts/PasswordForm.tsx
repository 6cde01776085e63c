import { useState } from 'react'
import { Button } from '../../components/Button'
import { Note } from '../../components/Note'
import { useChange } from '../api/useChange'
import { ChangeProblem } from '../components/ChangeProblem'
import { Form } from '../components/Form'
import { TextField } from '../components/TextField'
import { useSession } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { ChangePassword } from './ownOperations'
import styles from './OwnAccount.module.css'

export function PasswordForm() {
  const { account: texts } = useDeskTexts()
  const { setMe } = useSession()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [isDone, setIsDone] = useState(false)
  const change = useChange(ChangePassword)

  async function submit() {
    setIsDone(false)
    const done = await change.run({ current, new: next })
    if (!done) return
    setMe(done.changePassword)
    setCurrent('')
    setNext('')
    setIsDone(true)
  }

  return (
    <section className={styles.narrow}>
      <h2>{texts.password}</h2>
      <Form onSubmit={submit}>
        <ChangeProblem problem={change.problem} />
        {isDone && <Note kind="good" heading={texts.passwordChanged} focus />}
        <TextField
          label={texts.currentPassword}
          type="password"
          value={current}
          onChange={setCurrent}
          autoComplete="current-password"
          required
        />
        <TextField
          label={texts.newPassword}
          type="password"
          value={next}
          onChange={setNext}
          autoComplete="new-password"
          minLength={12}
          required
        />
        <Button type="submit" disabled={change.isRunning}>
          {texts.changePassword}
        </Button>
      </Form>
    </section>
  )
}
