import { Button as AriaButton, GridList, GridListItem, useDragAndDrop } from 'react-aria-components'
import { useDeskTexts } from '../texts/useDeskTexts'
import { withOrder } from './draft'
import { fieldId, useEditor } from './useEditor'
import { keysAfterMove } from './keysAfterMove'
import styles from './Editor.module.css'

/** The order of the categories, to drag by mouse, finger or keyboard. Enter leads to the category. */
export function CategoryOrder() {
  const { editor: texts } = useDeskTexts()
  const { draft, edit, isFrozen } = useEditor()
  const keys = draft.categories.map(({ key }) => key)

  const { dragAndDropHooks } = useDragAndDrop({
    isDisabled: isFrozen,
    getItems: (dragged) => [...dragged].map((key) => ({ 'text/plain': String(key) })),
    onReorder({ keys: dragged, target }) {
      const moved = [...dragged].map(String)
      const order = keysAfterMove(keys, moved, String(target.key), target.dropPosition === 'before')
      edit('order', (current) => withOrder(current, order))
    },
  })

  return (
    <div className={styles.order}>
      <h3 id="draft-order">{texts.order}</h3>
      <p className={styles.hint}>{texts.orderHint}</p>
      <GridList
        className={styles.orderList ?? ''}
        aria-labelledby="draft-order"
        items={draft.categories.map((category) => ({ ...category, id: category.key }))}
        dragAndDropHooks={dragAndDropHooks}
        onAction={(key) => {
          const index = keys.indexOf(String(key))
          document.getElementById(fieldId(`categories.${index}.label`))?.focus()
        }}
      >
        {({ key, label, color }) => {
          const name = label === '' ? texts.unnamed : label
          return (
            <GridListItem id={key} textValue={name} className={styles.orderItem ?? ''}>
              {!isFrozen && (
                <AriaButton slot="drag" className={styles.handle ?? ''} aria-label={texts.drag(name)}>
                  ≡
                </AriaButton>
              )}
              <svg className={styles.swatch} aria-hidden="true">
                <rect width="100%" height="100%" fill={color} />
              </svg>
              <span className={styles.orderName}>{name}</span>
            </GridListItem>
          )
        }}
      </GridList>
    </div>
  )
}
