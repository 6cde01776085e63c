import { DropZone, FileTrigger, Button as AriaButton, type DropZoneProps } from 'react-aria-components'
import { TextField } from '../components/TextField'
import { useDeskTexts } from '../texts/useDeskTexts'
import styles from './FileField.module.css'

type DropEvent = Parameters<NonNullable<DropZoneProps['onDrop']>>[0]

/** A budget file: dropped, chosen, or typed. The server reads it and says in which line it is wrong. */
export function FileField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { newBudget: texts } = useDeskTexts()

  async function drop({ items }: DropEvent) {
    const file = items.find((item) => item.kind === 'file')
    if (file) onChange(await file.getText())
  }

  return (
    <>
      <DropZone
        className={styles.zone ?? ''}
        onDrop={(event) => {
          void drop(event)
        }}
      >
        <p>{texts.drop}</p>
        <FileTrigger
          acceptedFileTypes={['.yaml', '.yml', '.json']}
          onSelect={(files) => {
            const file = files?.[0]
            if (file) void file.text().then(onChange)
          }}
        >
          <AriaButton className={styles.choose ?? ''}>{texts.choose}</AriaButton>
        </FileTrigger>
      </DropZone>
      <TextField label={texts.fileText} value={value} onChange={onChange} rows={8} required />
    </>
  )
}
