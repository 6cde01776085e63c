import { PageLink } from '../routing/PageLink'
import { ConnectionStatus } from './ConnectionStatus'
import { LanguageFailure } from './LanguageFailure'
import { LanguageSelect } from './LanguageSelect'
import { useTexts } from '../texts/useTexts'
import styles from './Masthead.module.css'

export function Masthead() {
  const { site } = useTexts()
  return (
    <header className={styles.masthead}>
      <a className={styles.skip} href="#content">
        {site.skip}
      </a>
      <p className={styles.name}>{site.name}</p>
      <nav className={styles.pages} aria-label={site.navigation}>
        <PageLink href="/">{site.participate}</PageLink>
        <PageLink href="/aggregate">{site.aggregate}</PageLink>
        <PageLink href="/history">{site.history}</PageLink>
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
