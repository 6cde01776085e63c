import { lazy, Suspense, useId, useState, type ComponentProps } from 'react'
import { useTexts } from '../../texts/useTexts'
import { BrokenPart } from '../../components/states/BrokenPart'
import { ErrorBoundary } from '../../components/states/ErrorBoundary'
import { LoadingPart } from '../../components/states/LoadingPart'
import type TaxReceiptComponent from './TaxReceipt'
import styles from './ReceiptDisclosure.module.css'

const TaxReceipt = lazy(() => import('./TaxReceipt'))

export function ReceiptDisclosure(props: ComponentProps<typeof TaxReceiptComponent>) {
  const { receipt: texts } = useTexts()
  const id = useId()
  const [isOpen, setIsOpen] = useState(false)
  /** The receipt is loaded when it is first opened. It then stays mounted, so that its input survives closing. */
  const [wasOpened, setWasOpened] = useState(false)
  return (
    <div className={styles.disclosure}>
      <h2 className={styles.heading}>
        <button
          type="button"
          className={styles.trigger}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => {
            setIsOpen(!isOpen)
            setWasOpened(true)
          }}
        >
          <span>{texts.heading}</span>
          <svg className={styles.arrow} viewBox="0 0 12 12" aria-hidden="true">
            <path d="M2 4l4 4 4-4" />
          </svg>
        </button>
      </h2>
      <div id={id} hidden={!isOpen}>
        {wasOpened && (
          <ErrorBoundary fallback={<BrokenPart />}>
            <Suspense fallback={<LoadingPart />}>
              <TaxReceipt {...props} />
            </Suspense>
          </ErrorBoundary>
        )}
      </div>
    </div>
  )
}
