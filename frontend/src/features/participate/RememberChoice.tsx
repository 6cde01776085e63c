import { Label, RadioButton, RadioField, RadioGroup, Text } from 'react-aria-components'
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
  return (
    <RadioGroup
      className={styles.choice ?? ''}
      value={choice}
      onChange={(value) => {
        onChange(value === 'yes' ? 'yes' : 'no')
      }}
    >
      <Label className={styles.question ?? ''}>{consent.question}</Label>
      <div className={styles.answers}>
        {(['yes', 'no'] as const).map((answer) => (
          <RadioField key={answer} value={answer}>
            <RadioButton className={styles.answer ?? ''}>
              <span className={styles.mark} aria-hidden="true" />
              <span>
                <strong>{consent[answer]}</strong>
                <span className={styles.effect}>{consent.effects[answer]}</span>
              </span>
            </RadioButton>
          </RadioField>
        ))}
      </div>
      <Text slot="description" className={styles.hint ?? ''}>
        {consent.unchosen}
      </Text>
    </RadioGroup>
  )
}
