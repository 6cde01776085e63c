import { useId } from 'react'
import { useTexts } from '../../texts/useTexts'
import styles from './RememberChoice.module.css'

interface Props {
  remember: boolean
  onChange: (remember: boolean) => void
}

export function RememberChoice({ remember, onChange }: Props) {
  const { form } = useTexts()
  const id = useId()
  return (
    <div className={styles.choice}>
      <input
        id={id}
        type="checkbox"
        checked={remember}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          onChange(event.target.checked)
        }}
      />
      <label htmlFor={id}>{form.remember}</label>
      <p id={`${id}-hint`}>{form.rememberHint}</p>
    </div>
  )
}
