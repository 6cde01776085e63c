import { Page } from '../components/Page'
import { PageLink } from '../routing/PageLink'
import { site, unknownPage as texts } from '../texts/en'

export function UnknownPage() {
  return (
    <Page title={texts.heading}>
      <h1>{texts.heading}</h1>
      <p>{texts.text}</p>
      <ul>
        <li>
          <PageLink href="/">{site.participate}</PageLink>
        </li>
        <li>
          <PageLink href="/aggregate">{site.aggregate}</PageLink>
        </li>
        <li>
          <PageLink href="/history">{site.history}</PageLink>
        </li>
      </ul>
    </Page>
  )
}
