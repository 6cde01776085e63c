import { Page } from '../../components/Page'
import { useDeskTexts } from '../texts/useDeskTexts'
import { SignInForm } from './SignInForm'
import type { Me } from './useSession'
import styles from './SignInPage.module.css'

interface Props {
  settings: { hasAccounts: boolean; trustedHeader: boolean }
  onSignedIn: (me: Me) => void
}

export function SignInPage({ settings, onSignedIn }: Props) {
  const { signIn: texts } = useDeskTexts()
  return (
    <Page title={texts.heading}>
      <div className={styles.narrow}>
        <h1>{texts.heading}</h1>
        {!settings.hasAccounts && <p>{texts.firstRun}</p>}
        {settings.trustedHeader && <p>{texts.trustedHeader}</p>}
        <SignInForm onSignedIn={onSignedIn} />
        <p className={styles.hint}>{texts.noAccount}</p>
      </div>
    </Page>
  )
}
