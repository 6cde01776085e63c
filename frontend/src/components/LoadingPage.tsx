import { Page } from './Page'
import { PageLoading } from './PageLoading'

export function LoadingPage() {
  return (
    <Page>
      <PageLoading />
    </Page>
  )
}
