import { useQuery } from 'urql'
import { LoadingPart } from '../../components/states/LoadingPart'
import { Page } from '../../components/Page'
import { ProblemPart } from '../../components/states/ProblemPart'
import { graphql } from '../../gql'
import { problemOf } from '../../graphql/problem'
import { PageLink } from '../../routing/PageLink'
import { useFormat, useTexts } from '../../texts/useTexts'
import { usePrivacyTexts } from './privacyTexts'
import { PrivacySection } from './PrivacySection'

const PrivacyQuery = graphql(`
  query Privacy($language: String!) {
    installation {
      operator
      contact
    }
    budgets {
      slug
      title(language: $language)
      publishEvery
      retentionDays
      closesAt
    }
  }
`)

/** What is stored about people, from the settings of this server. */
export function PrivacyPage() {
  const { site, howItWorks, myData } = useTexts()
  const texts = usePrivacyTexts()
  const { locale } = useFormat()
  const [{ data, error }, reload] = useQuery({ query: PrivacyQuery, variables: { language: locale } })
  return (
    <Page title={site.privacy}>
      <h1>{site.privacy}</h1>
      <p>{texts.intro}</p>
      <PrivacySection heading={texts.stored}>
        <p>{texts.storedText}</p>
        <p>{texts.browser}</p>
      </PrivacySection>
      <PrivacySection heading={texts.cookie}>
        <p>{texts.cookieText}</p>
        <p>{texts.codes}</p>
      </PrivacySection>
      <PrivacySection heading={texts.address}>
        <p>{texts.addressText}</p>
      </PrivacySection>
      <PrivacySection heading={texts.organisers}>
        <p>{texts.organisersText}</p>
      </PrivacySection>
      <PrivacySection heading={texts.log}>
        <p>{texts.logText}</p>
      </PrivacySection>
      <PrivacySection heading={texts.kept}>
        {!data && (error ? <ProblemPart problem={problemOf(error)} onRetry={reload} /> : <LoadingPart />)}
        <dl>
          {data?.budgets.map(({ slug, title, publishEvery, retentionDays, closesAt }) => (
            <div key={slug} data-budget={slug}>
              <dt>{title}</dt>
              <dd>
                {howItWorks.kept(retentionDays, closesAt !== null)} {howItWorks.shown(publishEvery)}
              </dd>
            </div>
          ))}
        </dl>
      </PrivacySection>
      <PrivacySection heading={texts.rights}>
        <p>{texts.rightsText}</p>
        <p>{myData.averages}</p>
        <p>{texts.backups}</p>
        <p>
          <PageLink href="/history">{texts.rightsLink}</PageLink>
        </p>
      </PrivacySection>
      {data && (
        <PrivacySection heading={texts.operator}>
          <p>{data.installation.operator ?? texts.operatorUnknown}</p>
          {data.installation.contact !== null && <p>{texts.contact(data.installation.contact)}</p>}
        </PrivacySection>
      )}
    </Page>
  )
}
