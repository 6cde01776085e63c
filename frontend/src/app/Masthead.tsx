import { useRoute } from 'wouter'
import { PageLink } from '../routing/PageLink'
import { budgetPath, budgetResultsPath, HISTORY_PATH, PATTERNS } from '../routing/addresses'
import { ConnectionStatus } from './ConnectionStatus'
import { LanguageFailure } from './LanguageFailure'
import { LanguageSelect } from './LanguageSelect'
import { useTexts } from '../texts/useTexts'
import styles from './Masthead.module.css'

export function Masthead() {
  const { site } = useTexts()
  // On the pages of a budget the links stay with this budget.
  const [, params] = useRoute(`${PATTERNS.budget}/*?`)
  const slug = params?.slug
  return (
    <header className={styles.masthead}>
      <a className={styles.skip} href="#content">
        {site.skip}
      </a>
      <p className={styles.name}>
        <PageLink href={PATTERNS.home}>{site.name}</PageLink>
      </p>
      <nav className={styles.pages} aria-label={site.navigation}>
        <PageLink href={slug === undefined ? PATTERNS.home : budgetPath(slug)}>{site.participate}</PageLink>
        <PageLink href={slug === undefined ? PATTERNS.aggregate : budgetResultsPath(slug)}>
          {site.aggregate}
        </PageLink>
        <PageLink href={HISTORY_PATH}>{site.history}</PageLink>
      </nav>
      <div className={styles.connection}>
        <ConnectionStatus />
      </div>
      <div className={styles.language}>
        <LanguageSelect />
      </div>
      <div className={styles.failure}>
        <LanguageFailure />
      </div>
    </header>
  )
}
