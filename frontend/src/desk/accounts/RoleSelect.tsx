import type { DeskRole } from '../gql/graphql'
import { useDeskTexts } from '../texts/useDeskTexts'
import field from '../components/Field.module.css'
import styles from './RoleSelect.module.css'

export const ROLES: readonly DeskRole[] = ['VIEWER', 'ORGANISER', 'OWNER']
export const NO_ROLE = 'NONE'

interface Props {
  label: string
  value: DeskRole | typeof NO_ROLE
  onChange: (role: DeskRole | null) => void
}

/** The role of an account in a table, whose row is its label. */
export function RoleSelect({ label, value, onChange }: Props) {
  const { roles, accounts } = useDeskTexts()
  return (
    <select
      className={`${field.input ?? ''} ${styles.select ?? ''}`}
      aria-label={label}
      value={value}
      onChange={(event) => {
        onChange(ROLES.find((role) => role === event.target.value) ?? null)
      }}
    >
      <option value={NO_ROLE}>{accounts.noRole}</option>
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {roles[role]}
        </option>
      ))}
    </select>
  )
}
