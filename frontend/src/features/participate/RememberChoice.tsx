import { useId } from 'react'
import { useTexts } from '../../texts/useTexts'
import styles from './RememberChoice.module.css'

/** Null while nothing is chosen, which counts as "no": there is no cookie without consent. */
export type Choice = 'yes' | 'no' | null

interface Props {
  choice: Choice
  onChange: (choice: Choice) => void
}

/** Both answers have the same size, so that neither is favoured. */
export function RememberChoice({ choice, onChange }: Props) {
  const { consent } = useTexts()
  const id = useId()
  return (
    <fieldset className={styles.choice} aria-describedby={`${id}-hint`}>
      <legend className={styles.question}>{consent.question}</legend>
      <div className={styles.answers}>
        {(['yes', 'no'] as const).map((answer) => (
          <label key={answer} className={styles.answer}>
            <input
              type="radio"
              name={id}
              className={styles.mark}
              checked={choice === answer}
              onChange={() => {
                onChange(answer)
              }}
            />
            <strong>{consent[answer]}</strong>
            <span className={styles.effect}>{consent.effects[answer]}</span>
          </label>
        ))}
      </div>
      <p id={`${id}-hint`} className={styles.hint}>
        {consent.unchosen}
      </p>
    </fieldset>
  )
}
