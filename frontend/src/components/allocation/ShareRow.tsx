import { useId } from 'react'
import { parseShare, shareText, type BasisPoints } from '../../domain/share'
import type { DraftAction } from '../../domain/draft'
import { ShareField } from './ShareField'
import { ShareSlider } from './ShareSlider'
import { useTexts } from '../../texts/useTexts'
import styles from './ShareRow.module.css'

interface Props {
  categoryKey: string
  label: string
  description: string
  color: string
  share: BasisPoints
  typed: string | undefined
  onEdit: (action: DraftAction) => void
}

export function ShareRow({ categoryKey: key, label, description, color, share, typed, onEdit }: Props) {
  const { form } = useTexts()
  const id = useId()
  const parsed = parseShare(typed ?? '')
  const problem = parsed.ok ? undefined : form.share[parsed.problem]
  const set = (next: BasisPoints) => {
    onEdit({ type: 'set', key, share: next })
  }

  return (
    <li className={styles.row}>
      <div className={styles.what}>
        <span className={styles.swatch} style={{ backgroundColor: color }} aria-hidden="true" />
        <label id={`${id}-label`} htmlFor={`${id}-field`} className={styles.label}>
          {label}
        </label>
        <p id={`${id}-description`} className={styles.description}>
          {description}
        </p>
      </div>
      <ShareField
        id={`${id}-field`}
        label={label}
        text={typed ?? shareText(share)}
        share={share}
        describedBy={problem ? `${id}-problem ${id}-description` : `${id}-description`}
        invalid={problem !== undefined}
        onType={(text) => {
          onEdit({ type: 'typed', key, text })
        }}
        onLeave={() => {
          onEdit({ type: 'left', key })
        }}
        onSet={set}
      />
      <ShareSlider label={form.slider(label)} share={share} onSet={set} />
      {problem && (
        <p id={`${id}-problem`} className={styles.problem}>
          {problem}
        </p>
      )}
    </li>
  )
}
