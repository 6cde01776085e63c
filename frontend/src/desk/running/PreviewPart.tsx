import { useState } from 'react'
import { nameOf } from '../../texts/languages'
import { useBudget } from '../budgets/useBudget'
import { SelectField } from '../components/SelectField'
import { draftOf } from '../editor/draft'
import { useDeskTexts } from '../texts/useDeskTexts'
import styles from './PreviewPart.module.css'

const WIDTHS = ['phone', 'desktop'] as const
type Width = (typeof WIDTHS)[number]

/** The page as a participant sees it, in each language of the budget. Nothing in it is counted. */
export function PreviewPart() {
  const { preview: texts } = useDeskTexts()
  const { budget } = useBudget()
  const draft = draftOf(budget.draft)
  const languages = [draft.language, ...Object.keys(draft.translations)]
  const [language, setLanguage] = useState(draft.language)
  const [width, setWidth] = useState<Width>('phone')
  return (
    <>
      <p>{texts.text}</p>
      <div className={styles.tools}>
        <SelectField
          label={texts.language}
          value={language}
          options={languages}
          nameOf={nameOf}
          onChange={setLanguage}
        />
        <SelectField
          label={texts.width}
          value={width}
          options={WIDTHS}
          nameOf={(one) => texts.widths[one]}
          onChange={setWidth}
        />
      </div>
      <div className={styles.stage}>
        <iframe
          // A saved change is shown by loading the page again.
          key={budget.version}
          className={styles.frame}
          data-width={width}
          title={texts.frame}
          src={`/b/${encodeURIComponent(budget.slug)}?preview=1&lang=${encodeURIComponent(language)}`}
        />
      </div>
    </>
  )
}
