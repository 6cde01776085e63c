import { useTexts } from '../../texts/useTexts'
import { Button } from '../Button'
import { Note } from '../Note'

/** Shown in the place of a part of a page whose code could not be loaded. The rest of the page goes on working. */
export function BrokenPart() {
  const { brokenPage: texts } = useTexts()
  return (
    <Note kind="problem" heading={texts.part}>
      <p>
        <Button
          onClick={() => {
            window.location.reload()
          }}
        >
          {texts.reload}
        </Button>
      </p>
    </Note>
  )
}
