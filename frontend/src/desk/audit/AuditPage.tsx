import { Page } from '../../components/Page'
import { useDeskTexts } from '../texts/useDeskTexts'
import { AuditLog } from './AuditLog'

export function AuditPage() {
  const { audit: texts } = useDeskTexts()
  return (
    <Page title={texts.heading}>
      <h1>{texts.heading}</h1>
      <AuditLog />
    </Page>
  )
}
