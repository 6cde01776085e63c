import { useState } from 'react'
import { useTexts } from '../texts/useTexts'
import { Button } from './Button'

/** Shares the address of a page by the device's own dialog, by the clipboard, or as text to copy by hand. */
export function ShareLink({ path }: { path: string }) {
  const { share: texts } = useTexts()
  const [state, setState] = useState<'idle' | 'copied' | 'by-hand'>('idle')
  const url = new URL(path, window.location.href).href

  async function copy() {
    try {
      await navigator.clipboard.writeText(url)
      setState('copied')
    } catch {
      // The person refused, or the address is not secure and the browser has no clipboard there.
      setState('by-hand')
    }
  }

  async function share() {
    try {
      await navigator.share({ url })
    } catch {
      // The person closed the dialog.
    }
  }

  return (
    <p>
      <Button
        onClick={() => {
          void copy()
        }}
      >
        {state === 'copied' ? texts.copied : texts.copy}
      </Button>{' '}
      {'share' in navigator && (
        <Button
          onClick={() => {
            void share()
          }}
        >
          {texts.share}
        </Button>
      )}
      {state === 'by-hand' && <code dir="ltr">{url}</code>}
    </p>
  )
}
