import { PageLink } from '../routing/PageLink'
import { PRIVACY_PATH } from '../routing/addresses'
import { useTexts } from '../texts/useTexts'
import styles from './Footer.module.css'

export function Footer() {
  const { site } = useTexts()
  return (
    <footer className={styles.footer}>
      <nav aria-label={site.footer}>
        <PageLink href={PRIVACY_PATH}>{site.privacy}</PageLink>
      </nav>
    </footer>
  )
}
