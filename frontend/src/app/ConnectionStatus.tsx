import { useConnection } from '../graphql/useConnection'
import { useTexts } from '../texts/useTexts'
import styles from './ConnectionStatus.module.css'

/** Shows each state as a word and a shape, because colour alone would not reach everybody. */
export function ConnectionStatus() {
  const { connection: texts } = useTexts()
  const state = useConnection()
  if (state === 'idle') return null
  return (
    <p className={styles.status} data-connection={state}>
      <svg className={styles.mark} viewBox="0 0 12 12" aria-hidden="true">
        {state === 'live' && <circle cx="6" cy="6" r="5" />}
        {(state === 'connecting' || state === 'reconnecting') && (
          <circle className={styles.hollow} cx="6" cy="6" r="4.5" />
        )}
        {state === 'polling' && <rect className={styles.hollow} x="1.5" y="1.5" width="9" height="9" />}
        {state === 'offline' && <path className={styles.hollow} d="M2 2 10 10M10 2 2 10" />}
      </svg>
      <span>{texts[state]}</span>
    </p>
  )
}
