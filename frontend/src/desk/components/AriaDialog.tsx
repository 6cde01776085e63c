import type { ReactNode } from 'react'
import { Dialog, Heading, I18nProvider, Modal, ModalOverlay } from 'react-aria-components'
import { useFormat } from '../../texts/useTexts'
import styles from './DeskDialog.module.css'

export interface DialogProps {
  heading: string
  /** Called for Escape and a click outside. Without it, the dialog stays. */
  onClose?: () => void
  children: ReactNode
}

/** A dialog that is open as long as it is rendered. */
export function AriaDialog({ heading, onClose, children }: DialogProps) {
  const { locale } = useFormat()
  return (
    <I18nProvider locale={locale}>
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
    </I18nProvider>
  )
}
