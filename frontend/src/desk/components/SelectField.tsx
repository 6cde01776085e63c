import { useId, type ReactNode } from 'react'
import styles from './Field.module.css'

interface Props<Value extends string> {
  label: ReactNode
  value: Value
  options: readonly Value[]
  nameOf: (value: Value) => string
  onChange: (value: Value) => void
  id?: string | undefined
  hint?: ReactNode
  problem?: string | undefined
  disabled?: boolean
}

export function SelectField<Value extends string>({
  label,
  value,
  options,
  nameOf,
  onChange,
  id: given,
  hint,
  problem,
  disabled = false,
}: Props<Value>) {
  const made = useId()
  const id = given ?? made
  const described = [hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(
    Boolean,
  )
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className={styles.input}
        value={value}
        disabled={disabled}
        aria-describedby={described.length > 0 ? described.join(' ') : undefined}
        onChange={(event) => {
          const chosen = options.find((option) => option === event.target.value)
          if (chosen !== undefined) onChange(chosen)
        }}
      >
        {options.map((option) => (
          <option key={option} value={option}>
            {nameOf(option)}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {problem !== undefined && (
        <p id={`${id}-problem`} className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  )
}
