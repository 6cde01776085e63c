import { useState } from 'react'
import { Button } from '../../components/Button'
import { TextField } from '../components/TextField'
import { useDeskTexts } from '../texts/useDeskTexts'
import { slugOf } from './draft'
import { fieldId, useEditor } from './useEditor'

/** The address of the budget. It changes by a button, because everything that is written down leads to the old one. */
export function AddressSection() {
  const { editor: texts } = useDeskTexts()
  const { draft, edit, isFrozen, problemAt } = useEditor()
  const [typed, setTyped] = useState<string>()
  const slug = typed ?? draft.slug
  const isValid = slug.length >= 2 && slug === slugOf(slug)
  return (
    <section>
      <h2>{texts.address}</h2>
      <TextField
        id={fieldId('slug')}
        label={texts.fields.slug}
        hint={texts.slugHint(slug)}
        value={slug}
        disabled={isFrozen}
        problem={isValid ? problemAt('slug').problem : texts.noKey}
        onChange={setTyped}
        isShort
      />
      <Button
        disabled={isFrozen || !isValid || slug === draft.slug}
        onClick={() => {
          edit('slug', (current) => ({ ...current, slug }))
        }}
      >
        {texts.changeAddress}
      </Button>
    </section>
  )
}
