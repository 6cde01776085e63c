import { useState } from 'react'
import { TextField } from '../components/TextField'
import { useDeskTexts } from '../texts/useDeskTexts'
import { isEqual, isObject } from './json'
import { fieldId, useEditor } from './useEditor'

/** How an income becomes a tax, as JSON. The server says what is wrong with it. */
export function TaxSection() {
  const { editor: texts } = useDeskTexts()
  const { draft, edit, problemAt } = useEditor()
  const [typed, setTyped] = useState({ text: write(draft.taxIllustration), value: draft.taxIllustration })
  // Another value than the typed one comes from undo or from another organiser.
  const text = isEqual(typed.value, draft.taxIllustration) ? typed.text : write(draft.taxIllustration)
  const isUnreadable = read(text) === undefined
  return (
    <section>
      <h2>{texts.tax}</h2>
      <details>
        <summary>{texts.taxAbout}</summary>
        <TextField
          id={fieldId('taxIllustration')}
          label={texts.fields.taxIllustration}
          hint={texts.taxHint}
          rows={8}
          value={text}
          problem={isUnreadable ? texts.noJson : problemAt('taxIllustration').problem}
          onChange={(now) => {
            const parsed = read(now)
            setTyped({ text: now, value: parsed === undefined ? draft.taxIllustration : parsed })
            if (parsed !== undefined)
              edit('taxIllustration', (current) => ({ ...current, taxIllustration: parsed }))
          }}
        />
      </details>
    </section>
  )
}

function write(value: unknown): string {
  return value == null ? '' : JSON.stringify(value, null, 2)
}

/** Empty is null; what is no JSON object is undefined. */
function read(text: string): unknown {
  if (text.trim() === '') return null
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
