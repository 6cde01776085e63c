import { useTexts } from '../../texts/useTexts'
import { Button } from '../Button'
import { Page } from '../Page'

export function BrokenPage() {
  const { brokenPage: texts } = useTexts()
  return (
    <Page title={texts.heading}>
      <h1>{texts.heading}</h1>
      <p>{texts.text}</p>
      <p>
        <Button
          strong
          onClick={() => {
            window.location.reload()
          }}
        >
          {texts.reload}
        </Button>
      </p>
    </Page>
  )
}
