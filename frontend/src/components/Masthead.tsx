import { PageLink } from '../routing/PageLink'
import { site } from '../texts/en'
import { ConnectionStatus } from './ConnectionStatus'
import styles from './Masthead.module.css'

export function Masthead() {
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
    </header>
  )
}
