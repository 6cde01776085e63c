import styles from './LockToggle.module.css'

interface Props {
  label: string
  locked: boolean
  onToggle: () => void
}

/** The commands that bring the allocation to 100 % do not change a locked row. It can still be changed by hand. */
export function LockToggle({ label, locked, onToggle }: Props) {
  return (
    <button type="button" className={styles.lock} aria-pressed={locked} aria-label={label} onClick={onToggle}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <rect x="4" y="9" width="12" height="8.5" rx="1" />
        <path d={locked ? 'M6.5 9V6a3.5 3.5 0 0 1 7 0v3' : 'M6.5 9V5a3.5 3.5 0 0 1 6.8-1.2'} />
      </svg>
    </button>
  )
}
