import { useTexts } from '../../texts/useTexts'
import type { StartKind, Starts } from './starts'
import styles from './StartFrom.module.css'

interface Props {
  starts: Starts
  onStart: (kind: StartKind) => void
}

/** Other places to begin from. What is there now is one step back away. */
export function StartFrom({ starts, onStart }: Props) {
  const { form } = useTexts()
  return (
    <p className={styles.starts} role="group" aria-label={form.startFrom}>
      <span aria-hidden="true">{form.startFrom}</span>
      {(Object.keys(starts) as StartKind[]).map((kind) => (
        <button
          key={kind}
          type="button"
          onClick={() => {
            onStart(kind)
          }}
        >
          {form.starts[kind]}
        </button>
      ))}
    </p>
  )
}
