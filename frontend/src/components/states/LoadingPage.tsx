import { Page } from '../Page'
import { LoadingContent } from './LoadingContent'

export function LoadingPage() {
  return (
    <Page>
      <LoadingContent />
    </Page>
  )
}
