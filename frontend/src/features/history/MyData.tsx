import { useEffect, useId, useRef } from 'react'
import { Button } from '../../components/Button'
import { Note } from '../../components/Note'
import { ProblemPart } from '../../components/states/ProblemPart'
import { useTexts } from '../../texts/useTexts'
import { ErasedNote } from './ErasedNote'
import { useErase } from './useErase'
import styles from './MyData.module.css'

/** Takes along or erases everything that the server holds under the cookie. */
export function MyData({ onErased }: { onErased: () => void }) {
  const { myData: texts } = useTexts()
  const id = useId()
  const { erasing, erase, ask, keep } = useErase()
  const askButton = useRef<HTMLButtonElement>(null)
  const wasAsking = useRef(false)

  useEffect(() => {
    // The button that was pressed is gone: the focus goes back to where the question came from.
    if (erasing.state === 'idle' && wasAsking.current) askButton.current?.focus()
    wasAsking.current = erasing.state === 'asking'
  }, [erasing.state])

  async function confirm() {
    if (await erase({})) onErased()
  }

  return (
    <section aria-labelledby={id} className={styles.section}>
      <h2 id={id}>{texts.heading}</h2>
      {erasing.state === 'erased' ? (
        <ErasedNote submissions={erasing.submissions} />
      ) : (
        <>
          <p>{texts.text}</p>
          <p className={styles.actions}>
            <a href="/api/my-data.json" download="my-data.json">
              {texts.download}
            </a>
            {erasing.state !== 'asking' && (
              <Button ref={askButton} disabled={erasing.state === 'erasing'} onClick={ask}>
                {erasing.state === 'erasing' ? texts.erasing : texts.erase}
              </Button>
            )}
          </p>
          {erasing.state === 'asking' && (
            <Note kind="problem" heading={texts.sure} focus>
              <p>{texts.consequences}</p>
              <p>{texts.averages}</p>
              <p className={styles.actions}>
                <Button
                  strong
                  onClick={() => {
                    void confirm()
                  }}
                >
                  {texts.yes}
                </Button>
                <Button onClick={keep}>{texts.no}</Button>
              </p>
            </Note>
          )}
          {erasing.state === 'failed' && (
            <ProblemPart
              problem={erasing.problem}
              onRetry={() => {
                void confirm()
              }}
            />
          )}
        </>
      )}
    </section>
  )
}
