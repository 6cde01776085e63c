import { useState } from 'react'
import { Button } from '../../components/Button'
import { useDeskTexts } from '../texts/useDeskTexts'
import { TextField } from './TextField'

/** A text to copy: by a button, or by hand where the browser has no clipboard. */
export function CopyText({ label, text, rows }: { label: string; text: string; rows?: number }) {
  const { actions } = useDeskTexts()
  const [isCopied, setIsCopied] = useState(false)

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setIsCopied(true)
    } catch {
      // The field above the button shows the text.
    }
  }

  return (
    <div>
      <TextField
        label={label}
        value={text}
        onChange={() => undefined}
        {...(rows === undefined ? {} : { rows })}
      />
      <p>
        <Button
          onClick={() => {
            void copy()
          }}
        >
          {isCopied ? actions.copied : actions.copy(label)}
        </Button>
      </p>
    </div>
  )
}
