import { useEffect, useId, useRef, type HTMLAttributes, type ReactNode } from 'react'
import styles from './Field.module.css'

interface Props {
  label: ReactNode
  value: string
  onChange: (value: string) => void
  onBlur?: () => void
  /** The id by which problems lead to the field. */
  id?: string | undefined
  type?: 'text' | 'password' | 'datetime-local' | 'date' | 'color'
  /** More than one line. */
  rows?: number
  hint?: ReactNode
  /** Stands beside the label. */
  mark?: ReactNode
  /** Shown with the field, and announced with it. */
  problem?: string | undefined
  /** A problem that needs no mending before the budget is opened. */
  isMild?: boolean
  lang?: string | undefined
  inputMode?: HTMLAttributes<HTMLElement>['inputMode']
  autoComplete?: string
  required?: boolean
  disabled?: boolean
  minLength?: number
  maxLength?: number
  /** Takes the focus when it appears. */
  focus?: boolean
  /** As wide as its content. */
  isShort?: boolean
}

export function TextField({
  label,
  value,
  onChange,
  id: given,
  rows,
  hint,
  mark,
  problem,
  isMild = false,
  focus = false,
  isShort = false,
  type = 'text',
  ...rest
}: Props) {
  const made = useId()
  const id = given ?? made
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  useEffect(() => {
    if (focus) input.current?.focus()
  }, [focus])

  const described = [
    mark !== undefined && `${id}-mark`,
    hint !== undefined && `${id}-hint`,
    problem !== undefined && `${id}-problem`,
  ].filter(Boolean)
  const attributes = {
    ...rest,
    id,
    ref: input,
    value,
    className: styles.input,
    // A text in another language keeps its own direction.
    dir: rest.lang === undefined ? undefined : 'auto',
    'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
    'aria-invalid': problem !== undefined && !isMild ? true : undefined,
    onChange: (event: { target: { value: string } }) => {
      onChange(event.target.value)
    },
  }
  return (
    <div className={styles.field} data-short={isShort || undefined}>
      <div className={styles.head}>
        <label htmlFor={id}>{label}</label>
        {mark !== undefined && <span id={`${id}-mark`}>{mark}</span>}
      </div>
      {rows === undefined ? <input {...attributes} type={type} /> : <textarea {...attributes} rows={rows} />}
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {problem !== undefined && (
        <p id={`${id}-problem`} className={styles.problem} data-mild={isMild || undefined}>
          {problem}
        </p>
      )}
    </div>
  )
}
