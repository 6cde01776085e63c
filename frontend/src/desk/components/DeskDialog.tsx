import { Suspense } from 'react'
import { BrokenPart } from '../../components/states/BrokenPart'
import { ErrorBoundary } from '../../components/states/ErrorBoundary'
import { LazyDialog } from '../lazyScreens'
import type { DialogProps } from './AriaDialog'

/** A dialog that is open as long as it is rendered. */
export function DeskDialog(props: DialogProps) {
  return (
    <ErrorBoundary fallback={<BrokenPart />}>
      <Suspense>
        <LazyDialog {...props} />
      </Suspense>
    </ErrorBoundary>
  )
}
