import { useState, type HTMLAttributes, type ReactNode } from 'react'
import { TextField } from '../components/TextField'
import { useEditor, fieldId } from './useEditor'

interface Props<Value> {
  path: string
  label: ReactNode
  value: Value
  write: (value: Value) => string
  /** Returns undefined for a text that is no such value. It stays in the field, and the draft as it was. */
  read: (text: string) => Value | undefined
  onChange: (value: Value) => void
  /** Said for a text that is no such value. */
  unreadable: string
  hint?: ReactNode
  inputMode?: HTMLAttributes<HTMLElement>['inputMode']
  disabled?: boolean
}

/** A field whose value is not its text, such as a number. */
export function ParsedField<Value>({
  path,
  value,
  write,
  read,
  onChange,
  unreadable,
  ...rest
}: Props<Value>) {
  const { problemAt } = useEditor()
  const [typed, setTyped] = useState({ text: write(value), value })
  // Another value than the one that the text was typed for comes from undo or from another organiser.
  const text = Object.is(typed.value, value) ? typed.text : write(value)
  const isUnreadable = read(text) === undefined
  const found = problemAt(path)
  return (
    <TextField
      {...rest}
      id={fieldId(path)}
      value={text}
      problem={isUnreadable ? unreadable : found.problem}
      isMild={!isUnreadable && found.isMild}
      onChange={(now) => {
        const parsed = read(now)
        setTyped({ text: now, value: parsed === undefined ? value : parsed })
        if (parsed !== undefined) onChange(parsed)
      }}
    />
  )
}
