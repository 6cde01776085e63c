import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import styles from './DeskDialog.module.css'

interface Props {
  heading: string
  /** Called for Escape and a click outside. Without it, the dialog stays. */
  onClose?: () => void
  children: ReactNode
}

/** A dialog that is open as long as it is rendered. */
export function DeskDialog({ heading, onClose, children }: Props) {
  return (
    <ModalOverlay
      isOpen
      className={styles.overlay ?? ''}
      isDismissable={onClose !== undefined}
      isKeyboardDismissDisabled={onClose === undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose?.()
      }}
    >
      <Modal className={styles.modal ?? ''}>
        <Dialog className={styles.dialog ?? ''}>
          <Heading slot="title" className={styles.heading ?? ''}>
            {heading}
          </Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
