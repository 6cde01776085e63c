import { Loading } from './Loading'
import { Page } from './Page'

export function LoadingPage() {
  return (
    <Page>
      <Loading />
    </Page>
  )
}
