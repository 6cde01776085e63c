import { useTexts } from '../../texts/useTexts'
import type { StartKind, Starts } from './starts'
import styles from './StartFrom.module.css'

interface Props {
  starts: Starts
  /** The latest answer of this tab, which need not be the latest of all. */
  isOfThisTab: boolean
  onStart: (kind: StartKind) => void
}

/** Replaces the draft by another start allocation. Undo brings the draft back. */
export function StartFrom({ starts, isOfThisTab, onStart }: Props) {
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
          {form.starts[kind === 'latest' && isOfThisTab ? 'ofThisTab' : kind]}
        </button>
      ))}
    </p>
  )
}
