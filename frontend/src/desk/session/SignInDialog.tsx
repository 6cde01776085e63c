import { useDeskTexts } from '../texts/useDeskTexts'
import { DeskDialog } from '../components/DeskDialog'
import { SignInForm } from './SignInForm'
import type { Me } from './useSession'

/** It can't be closed without signing in: everything below it would be refused. */
export function SignInDialog({ name, onSignedIn }: { name: string; onSignedIn: (me: Me) => void }) {
  const { signIn: texts } = useDeskTexts()
  return (
    <DeskDialog heading={texts.again}>
      <p>{texts.nothingLost}</p>
      <SignInForm name={name} onSignedIn={onSignedIn} />
    </DeskDialog>
  )
}
