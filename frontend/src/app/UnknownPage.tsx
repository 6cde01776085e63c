import { Page } from '../components/Page'
import { PageLink } from '../routing/PageLink'
import { useTexts } from '../texts/useTexts'

export function UnknownPage() {
  const { site, unknownPage: texts } = useTexts()
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
