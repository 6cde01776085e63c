import { useFormat } from '../../texts/useTexts'
import { TextField } from '../components/TextField'
import { useDeskTexts } from '../texts/useDeskTexts'
import { ParsedField } from './ParsedField'
import { fieldId, useEditor } from './useEditor'
import { readWholeNumber } from './wholeNumber'
import styles from './Editor.module.css'

export function MoneySection() {
  const { editor: texts } = useDeskTexts()
  const { draft, edit, isFrozen, problemAt } = useEditor()
  const format = useFormat()
  return (
    <section>
      <h2>{texts.money}</h2>
      <div className={styles.row}>
        <TextField
          id={fieldId('currency')}
          label={texts.fields.currency}
          hint={texts.currencyHint}
          value={draft.currency}
          maxLength={3}
          disabled={isFrozen}
          {...problemAt('currency')}
          onChange={(currency) => {
            edit('currency', (current) => ({ ...current, currency: currency.toUpperCase() }))
          }}
        />
        <ParsedField
          path="totalAmount"
          label={texts.fields.totalAmount}
          hint={
            draft.totalAmount === null ? texts.totalHint : amount(format, draft.totalAmount, draft.currency)
          }
          value={draft.totalAmount}
          write={(value) => (value === null ? '' : String(value))}
          read={readWholeNumber}
          unreadable={texts.noNumber}
          inputMode="numeric"
          disabled={isFrozen}
          onChange={(totalAmount) => {
            edit('totalAmount', (current) => ({ ...current, totalAmount }))
          }}
        />
      </div>
    </section>
  )
}

/** A currency that is being typed is not one yet. */
function amount(format: ReturnType<typeof useFormat>, total: number, currency: string): string {
  try {
    return format.largeMoney(total, currency)
  } catch {
    return format.count(total)
  }
}
