import { useLanguage } from '../../texts/useTexts'
import { useDeskTexts } from '../texts/useDeskTexts'
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
          <a href={path('answers.csv')} download>
            {texts.csv}
          </a>
        </li>
        <li>
          <a href={path('answers.jsonl')} download>
            {texts.jsonl}
          </a>
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
