import { useEffect, useId, useRef, useState } from 'react'
import { Button } from '../../components/Button'
import { ProblemPart } from '../../components/states/ProblemPart'
import { problemText } from '../../components/states/problemText'
import type { Problem } from '../../graphql/problem'
import { useFormat, useTexts } from '../../texts/useTexts'
import { codeMistake } from './codeMistake'
import { codeOfInput } from './codeLink'
import type { Redeeming } from './useCode'
import styles from './CodeEntry.module.css'

interface Props {
  redeeming: Exclude<Redeeming, { state: 'held' }>
  onEnter: (code: string) => void
}

/** In the place of the form until there is a code. */
export function CodeEntry({ redeeming, onEnter }: Props) {
  const { code: texts } = useTexts()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(redeeming.state === 'asking' ? '' : redeeming.code)
  const isChecking = redeeming.state === 'checking'
  const problem = redeeming.state === 'refused' ? redeeming.problem : undefined
  const [isMissing, setMissing] = useState(false)
  const refusal = useMistake(problem)
  const mistake = isMissing ? texts.empty : refusal

  useEffect(() => {
    if (mistake !== undefined) field.current?.focus()
  }, [redeeming, mistake])

  function enter() {
    if (isChecking) return
    setMissing(text.trim() === '')
    if (text.trim() === '') field.current?.focus()
    else onEnter(codeOfInput(text).trim())
  }

  return (
    <form
      className={styles.entry}
      noValidate
      aria-labelledby={`${id}-heading`}
      onSubmit={(event) => {
        event.preventDefault()
        enter()
      }}
    >
      <h2 id={`${id}-heading`}>{texts.heading}</h2>
      <p>{texts.who}</p>
      <label htmlFor={id} className={styles.label}>
        {texts.label}
      </label>
      <div className={styles.line}>
        <input
          ref={field}
          id={id}
          dir="ltr"
          autoComplete="off"
          autoCapitalize="characters"
          autoCorrect="off"
          spellCheck={false}
          value={text}
          aria-invalid={mistake !== undefined}
          aria-describedby={mistake === undefined ? `${id}-help` : `${id}-mistake ${id}-help`}
          onChange={(event) => {
            setMissing(false)
            setText(event.target.value)
          }}
        />
        <Button strong type="submit" aria-disabled={isChecking}>
          {isChecking ? texts.checking : texts.enter}
        </Button>
      </div>
      {mistake !== undefined && (
        <p id={`${id}-mistake`} className={styles.mistake} role="alert">
          {mistake}
        </p>
      )}
      <p id={`${id}-help`} className={styles.help}>
        {texts.help}
      </p>
      {problem && mistake === undefined && <ProblemPart problem={problem} onRetry={enter} />}
    </form>
  )
}

/** What is told beside the field. Undefined where something else than the code was refused. */
function useMistake(problem: Problem | undefined): string | undefined {
  const texts = useTexts()
  const format = useFormat()
  if (problem?.code === 'RATE_LIMITED')
    return `${texts.code.tooMany} ${problemText(texts, format, problem, new Date()).text}`
  return problem && codeMistake(texts, problem)
}
