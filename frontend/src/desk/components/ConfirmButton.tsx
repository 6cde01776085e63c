import { useState, type ReactNode } from 'react'
import { Button } from '../../components/Button'
import { useDeskTexts } from '../texts/useDeskTexts'
import { DeskDialog } from './DeskDialog'
import styles from './Actions.module.css'

interface Props {
  /** The words of the button, and of the one that confirms. */
  label: string
  /** What will happen, and whether it can be undone. */
  question: string
  strong?: boolean
  disabled?: boolean
  onConfirm: () => void
  children?: ReactNode
}

/** A button for what can't be undone: it asks first. */
export function ConfirmButton({
  label,
  question,
  strong = false,
  disabled = false,
  onConfirm,
  children,
}: Props) {
  const { actions } = useDeskTexts()
  const [isOpen, setIsOpen] = useState(false)
  const close = () => {
    setIsOpen(false)
  }
  return (
    <>
      <Button
        strong={strong}
        disabled={disabled}
        onClick={() => {
          setIsOpen(true)
        }}
      >
        {label}
      </Button>
      {isOpen && (
        <DeskDialog heading={label} onClose={close}>
          <p>{question}</p>
          {children}
          <p className={styles.actions}>
            <Button
              strong
              onClick={() => {
                close()
                onConfirm()
              }}
            >
              {label}
            </Button>
            <Button onClick={close}>{actions.cancel}</Button>
          </p>
        </DeskDialog>
      )}
    </>
  )
}
