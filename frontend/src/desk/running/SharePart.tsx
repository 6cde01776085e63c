import { useId, useState } from 'react'
import { useQuery } from 'urql'
import { Button } from '../../components/Button'
import { LANGUAGES, nameOf } from '../../texts/languages'
import { useBudget } from '../budgets/useBudget'
import { CopyText } from '../components/CopyText'
import { Picture } from '../components/Picture'
import { SelectField } from '../components/SelectField'
import { draftOf } from '../editor/draft'
import { graphql } from '../gql'
import type { FrameView } from '../gql/graphql'
import { useDeskTexts } from '../texts/useDeskTexts'
import styles from './SharePart.module.css'

const InLanguageQuery = graphql(`
  query ShareKitInLanguage($budget: String!, $language: String!, $view: FrameView!) {
    budget(slug: $budget) {
      shareKit {
        post(language: $language)
        iframe(language: $language, view: $view)
      }
    }
  }
`)

const VIEWS: readonly FrameView[] = ['RESULTS', 'FORM_LINK']

/** Everything to bring people to the budget: link, QR code, poster, frame for other pages, text for a post. */
export function SharePart() {
  const { share: texts } = useDeskTexts()
  const { budget } = useBudget()
  const { url, qrSvg } = budget.shareKit
  const draft = draftOf(budget.draft)
  const [language, setLanguage] = useState(draft.language)
  const [view, setView] = useState<FrameView>('RESULTS')
  const variables = { budget: budget.slug, language, view }
  const [{ data }] = useQuery({ query: InLanguageQuery, variables })
  const inLanguage = data?.budget?.shareKit
  const languages = [...new Set([draft.language, ...Object.keys(draft.translations), ...LANGUAGES])]
  const translated = language === draft.language ? undefined : draft.translations[language]
  const title = translated?.title ?? draft.title
  const frameId = useId()

  return (
    <>
      {budget.state === 'DRAFT' && <p>{texts.draft}</p>}
      <section className={styles.poster} aria-label={texts.poster} lang={language}>
        <p className={styles.title}>{title}</p>
        <Picture className={styles.qr} svg={qrSvg} alt={texts.qr(url)} />
        <p className={styles.url} dir="ltr">
          {url}
        </p>
      </section>
      <div className={styles.tools}>
        <SelectField
          label={texts.language}
          value={language}
          options={languages}
          nameOf={nameOf}
          onChange={setLanguage}
        />
        <p className={styles.buttons}>
          <Button
            strong
            onClick={() => {
              window.print()
            }}
          >
            {texts.print}
          </Button>{' '}
          <a href={`data:image/svg+xml,${encodeURIComponent(qrSvg)}`} download={`${budget.slug}-qr.svg`}>
            {texts.saveQr}
          </a>
        </p>
        <CopyText label={texts.link} text={url} />
        <CopyText label={texts.post} text={inLanguage?.post ?? ''} rows={3} />
      </div>
      <section className={styles.tools} aria-labelledby={frameId}>
        <h2 id={frameId}>{texts.frame}</h2>
        <p>{texts.frameText}</p>
        <SelectField
          label={texts.view}
          value={view}
          options={VIEWS}
          nameOf={(one) => texts.views[one]}
          onChange={setView}
        />
        <CopyText label={texts.iframe} text={inLanguage?.iframe ?? ''} rows={3} />
        {budget.state === 'DRAFT' ? (
          <p>{texts.frameOfDraft}</p>
        ) : (
          inLanguage && <FrameOf html={inLanguage.iframe} />
        )}
      </section>
    </>
  )
}

/** The very frame that the text makes, from this server by the address that the desk is open at. */
function FrameOf({ html }: { html: string }) {
  // The policy of this page allows no inline style, not even while a text is parsed.
  const plain = html.replace(/ style="[^"]*"/, '')
  const made = new DOMParser().parseFromString(plain, 'text/html').querySelector('iframe')
  if (!made) return null
  const { pathname, search } = new URL(made.src)
  return <iframe className={styles.frame} title={made.title} height={made.height} src={pathname + search} />
}
