import { useState } from 'react'
import { useTexts } from '../texts/useTexts'
import { Button } from './Button'

/** Hands the address of a page to the device's own sharing, or to the clipboard, or shows it to be copied by hand. */
export function ShareLink({ path }: { path: string }) {
  const { share: texts } = useTexts()
  const [state, setState] = useState<'idle' | 'copied' | 'by-hand'>('idle')
  const url = new URL(path, window.location.href).href

  async function copy() {
    try {
      await navigator.clipboard.writeText(url)
      setState('copied')
    } catch {
      // Refused, or not a secure address, where browsers have no clipboard.
      setState('by-hand')
    }
  }

  async function share() {
    try {
      await navigator.share({ url })
    } catch {
      // Closed without choosing.
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
