import { useLanguage } from '../../texts/useTexts'
import { pathName } from '../editor/pathName'
import { useDeskTexts } from '../texts/useDeskTexts'
import { changedFields, type ChangedField } from './changedFields'
import styles from './AuditLog.module.css'

/** What an entry of the audit log changed: both values of each field. */
export function Difference({ before, after }: { before: unknown; after: unknown }) {
  const texts = useDeskTexts()
  const { language } = useLanguage()
  // What belongs to no budget is named as it is stored.
  const nameOf = (path: string) =>
    path === 'state'
      ? texts.answers.state
      : (pathName(texts, undefined, path.split('.'), language.code) ?? path)
  const states: Readonly<Record<string, string>> = texts.states
  const valueOf = ({ path }: ChangedField, value: unknown) =>
    path === 'state' && typeof value === 'string' ? (states[value] ?? value) : value
  const changes = changedFields(before, after)
  if (changes.length === 0) return null
  return (
    <ul className={styles.changes}>
      {changes.map((change) => (
        <li key={change.path}>
          {change.path !== '' && <strong>{nameOf(change.path)}: </strong>}
          {change.before != null && (
            <>
              <del className={styles.before}>
                <Value value={valueOf(change, change.before)} />
              </del>{' '}
              {'→ '}
            </>
          )}
          <ins>
            {change.after == null ? texts.audit.nothing : <Value value={valueOf(change, change.after)} />}
          </ins>
        </li>
      ))}
    </ul>
  )
}

/** Something whole that was made or removed is long, so it opens. */
function Value({ value }: { value: unknown }) {
  const { audit: texts } = useDeskTexts()
  if (typeof value !== 'object' || value === null) return shown(value)
  return (
    <details>
      <summary>{texts.whole}</summary>
      <pre dir="ltr">{JSON.stringify(value, null, 2)}</pre>
    </details>
  )
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
