import { SelectField } from '../components/SelectField'
import { useDeskTexts } from '../texts/useDeskTexts'
import { CATEGORY_ORDERS, PARTICIPATIONS, START_POSITIONS, VISIBILITIES } from './draft'
import { ParsedField } from './ParsedField'
import { fieldId, useEditor } from './useEditor'
import { readWholeNumber } from './wholeNumber'
import styles from './Editor.module.css'

/** How people answer, and when they see results. */
export function RulesSection() {
  const { editor: texts } = useDeskTexts()
  const { draft, edit, isFrozen, problemAt } = useEditor()
  return (
    <section>
      <h2>{texts.rules}</h2>
      <div className={styles.row}>
        <SelectField
          id={fieldId('participation')}
          label={texts.fields.participation}
          value={draft.participation}
          options={PARTICIPATIONS}
          nameOf={(value) => texts.participations[value]}
          problem={problemAt('participation').problem}
          disabled={isFrozen}
          onChange={(participation) => {
            edit('participation', (current) => ({ ...current, participation }))
          }}
        />
        <SelectField
          id={fieldId('visibility')}
          label={texts.fields.visibility}
          value={draft.visibility}
          options={VISIBILITIES}
          nameOf={(value) => texts.visibilities[value]}
          problem={problemAt('visibility').problem}
          onChange={(visibility) => {
            edit('visibility', (current) => ({ ...current, visibility }))
          }}
        />
        <SelectField
          id={fieldId('startPosition')}
          label={texts.fields.startPosition}
          value={draft.startPosition}
          options={START_POSITIONS}
          nameOf={(value) => texts.startPositions[value]}
          problem={problemAt('startPosition').problem}
          onChange={(startPosition) => {
            edit('startPosition', (current) => ({ ...current, startPosition }))
          }}
        />
        <SelectField
          id={fieldId('categoryOrder')}
          label={texts.fields.categoryOrder}
          hint={texts.categoryOrderHint}
          value={draft.categoryOrder}
          options={CATEGORY_ORDERS}
          nameOf={(value) => texts.categoryOrders[value]}
          problem={problemAt('categoryOrder').problem}
          onChange={(categoryOrder) => {
            edit('categoryOrder', (current) => ({ ...current, categoryOrder }))
          }}
        />
        <ParsedField
          path="publishEvery"
          label={texts.fields.publishEvery}
          hint={texts.publishEveryHint}
          value={draft.publishEvery}
          write={String}
          read={(text) => readBetween(text, 1, 1000)}
          unreadable={texts.between(1, 1000)}
          inputMode="numeric"
          onChange={(publishEvery) => {
            edit('publishEvery', (current) => ({ ...current, publishEvery }))
          }}
        />
        <ParsedField
          path="retentionDays"
          label={texts.fields.retentionDays}
          hint={texts.retentionHint}
          value={draft.retentionDays}
          write={(value) => (value === null ? '' : String(value))}
          read={(text) => (text.trim() === '' ? null : readBetween(text, 1, 3650))}
          unreadable={texts.between(1, 3650)}
          inputMode="numeric"
          onChange={(retentionDays) => {
            edit('retentionDays', (current) => ({ ...current, retentionDays }))
          }}
        />
      </div>
    </section>
  )
}

function readBetween(text: string, from: number, to: number): number | undefined {
  const number = readWholeNumber(text)
  return number != null && number >= from && number <= to ? number : undefined
}
