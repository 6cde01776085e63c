import { useState } from 'react'
import { Button } from '../../components/Button'
import { useChange } from '../api/useChange'
import actions from '../components/Actions.module.css'
import { ChangeProblem } from '../components/ChangeProblem'
import { DeskDialog } from '../components/DeskDialog'
import { Form } from '../components/Form'
import { TextField } from '../components/TextField'
import { useDeskTexts } from '../texts/useDeskTexts'
import { ExcludeAnswers } from './answerOperations'

export type ExcludeSubject = { readonly answer: string } | { readonly cohort: string }

interface Props {
  slug: string
  subject: ExcludeSubject
  onDone: () => void
  onClose: () => void
}

/** Asks for the reason, which the public page states. */
export function ExcludeDialog({ slug, subject, onDone, onClose }: Props) {
  const texts = useDeskTexts()
  const [reason, setReason] = useState('')
  const exclude = useChange(ExcludeAnswers)

  async function submit() {
    if (await exclude.run({ input: { budget: slug, reason, ...subject } })) onDone()
  }

  return (
    <DeskDialog
      heading={'answer' in subject ? texts.answers.excludeOne : texts.answers.excludeCohort}
      onClose={onClose}
    >
      <p>{texts.answers.excludeText}</p>
      <Form onSubmit={submit}>
        <ChangeProblem problem={exclude.problem} />
        <TextField label={texts.answers.reason} value={reason} onChange={setReason} focus required />
        <p className={actions.actions}>
          <Button strong type="submit" disabled={exclude.isRunning}>
            {texts.answers.exclude}
          </Button>
          <Button onClick={onClose}>{texts.actions.cancel}</Button>
        </p>
      </Form>
    </DeskDialog>
  )
}
