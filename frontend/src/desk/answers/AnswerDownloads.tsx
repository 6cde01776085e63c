import { useLanguage } from '../../texts/useTexts'
import { useDeskTexts } from '../texts/useDeskTexts'
import { ExportLink } from './ExportLink'
import styles from './Answers.module.css'

/** Files for spreadsheet programs and for programs, written as the reader's language writes numbers. */
export function AnswerDownloads({ slug }: { slug: string }) {
  const { answers: texts } = useDeskTexts()
  const { language } = useLanguage()
  const path = (file: string) =>
    `/admin/budgets/${encodeURIComponent(slug)}/${file}?language=${encodeURIComponent(language.code)}`
  return (
    <section className={styles.part}>
      <h2>{texts.downloads}</h2>
      <p>{texts.downloadsText}</p>
      <ul>
        <li>
          <ExportLink
            href={path('answers.csv')}
            fileName={`${slug}-answers.csv`}
            headLines={1}
            label={texts.csv}
          />
        </li>
        <li>
          <ExportLink
            href={path('answers.jsonl')}
            fileName={`${slug}-answers.jsonl`}
            headLines={0}
            label={texts.jsonl}
          />
        </li>
        <li>
          <a href={path('answers.dictionary.csv')} download>
            {texts.dictionary}
          </a>
        </li>
      </ul>
    </section>
  )
}
