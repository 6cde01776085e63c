import { useState } from 'react'
import { useQuery } from 'urql'
import { Button } from '../../components/Button'
import { LANGUAGES, nameOf } from '../../texts/languages'
import { useBudget } from '../budgets/useBudget'
import { CopyText } from '../components/CopyText'
import { Picture } from '../components/Picture'
import { SelectField } from '../components/SelectField'
import { draftOf } from '../editor/draft'
import { graphql } from '../gql'
import { useDeskTexts } from '../texts/useDeskTexts'
import styles from './SharePart.module.css'

const PostQuery = graphql(`
  query Post($budget: String!, $language: String!) {
    budget(slug: $budget) {
      shareKit {
        post(language: $language)
      }
    }
  }
`)

/** Everything to bring people to the budget: link, QR code, poster, frame for other pages, text for a post. */
export function SharePart() {
  const { share: texts } = useDeskTexts()
  const { budget } = useBudget()
  const { url, qrSvg, iframe } = budget.shareKit
  const draft = draftOf(budget.draft)
  const [language, setLanguage] = useState(draft.language)
  const [{ data }] = useQuery({ query: PostQuery, variables: { budget: budget.slug, language } })
  const languages = [...new Set([draft.language, ...Object.keys(draft.translations), ...LANGUAGES])]
  const translated = language === draft.language ? undefined : draft.translations[language]
  const title = translated?.title ?? draft.title

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
        <CopyText label={texts.post} text={data?.budget?.shareKit.post ?? ''} rows={3} />
        <CopyText label={texts.iframe} text={iframe} rows={3} />
      </div>
    </>
  )
}
