import { lazy, Suspense, useState } from 'react'
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
import { useTexts } from '../../texts/useTexts'
import { BrokenPart } from '../../components/states/BrokenPart'
import { ErrorBoundary } from '../../components/states/ErrorBoundary'
import { LoadingPart } from '../../components/states/LoadingPart'
import type TaxReceiptComponent from './TaxReceipt'
import styles from './ReceiptDisclosure.module.css'
import type { ComponentProps } from 'react'

const TaxReceipt = lazy(() => import('./TaxReceipt'))

export function ReceiptDisclosure(props: ComponentProps<typeof TaxReceiptComponent>) {
  const { receipt: texts } = useTexts()
  /** The receipt is loaded when it is first opened. It then stays mounted, so that its input survives closing. */
  const [wasOpened, setWasOpened] = useState(false)
  return (
    <Disclosure
      className={styles.disclosure ?? ''}
      onExpandedChange={() => {
        setWasOpened(true)
      }}
    >
      <Heading level={2} className={styles.heading ?? ''}>
        <Button slot="trigger" className={styles.trigger ?? ''}>
          <span>{texts.heading}</span>
          <svg className={styles.arrow} viewBox="0 0 12 12" aria-hidden="true">
            <path d="M2 4l4 4 4-4" />
          </svg>
        </Button>
      </Heading>
      <DisclosurePanel>
        {wasOpened && (
          <ErrorBoundary fallback={<BrokenPart />}>
            <Suspense fallback={<LoadingPart />}>
              <TaxReceipt {...props} />
            </Suspense>
          </ErrorBoundary>
        )}
      </DisclosurePanel>
    </Disclosure>
  )
}
