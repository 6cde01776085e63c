import { useTexts } from '../texts/useTexts'
import { Button } from './Button'
import { Note } from './Note'

/** Stands in the place of a part whose code could not be loaded, so that the rest of the page goes on. */
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
