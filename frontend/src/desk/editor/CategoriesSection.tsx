import { lazy, Suspense, useEffect, useRef, type ComponentType } from 'react'
import { Button } from '../../components/Button'
import { fromPercent, WHOLE } from '../../domain/share'
import { useFormat } from '../../texts/useTexts'
import { useDeskTexts } from '../texts/useDeskTexts'
import { CategoryCard } from './CategoryCard'
import { withCategoryAdded } from './draft'
import { fieldId, useEditor } from './useEditor'
import styles from './Editor.module.css'

/** What a list needs to be dragged is as much code as all the screens of the desk. Without it, the buttons order the lines. */
const loadOrder = async (): Promise<{ default: ComponentType }> => {
  try {
    return { default: (await import('./CategoryOrder')).CategoryOrder }
  } catch {
    return { default: () => null }
  }
}
const CategoryOrder = lazy(loadOrder)

export function CategoriesSection() {
  const { editor: texts } = useDeskTexts()
  const { draft, edit, isFrozen } = useEditor()
  const format = useFormat()
  const cards = useRef<HTMLDivElement>(null)

  // Loaded before the first line is there: the browser may be offline by then.
  useEffect(() => {
    void loadOrder()
  }, [])

  const given = draft.categories.filter(({ actualPercent }) => actualPercent !== null)
  const sum = given.reduce((total, { actualPercent }) => total + fromPercent(actualPercent ?? 0), 0)

  function add() {
    edit('categories', (current) => withCategoryAdded(current))
    // After the card is there, its first field is where to go on.
    requestAnimationFrame(() => {
      cards.current?.querySelector<HTMLElement>(':scope > :last-child input')?.focus()
    })
  }

  return (
    <section>
      <h2 id={fieldId('categories')} tabIndex={-1}>
        {texts.categories}
      </h2>
      <p role="status">
        {given.length === 0
          ? texts.noShares
          : given.length < draft.categories.length
            ? texts.someShares(draft.categories.length - given.length)
            : sum === WHOLE
              ? texts.sharesAddUp
              : texts.sharesSum(format.percent(sum))}
      </p>
      <div className={styles.categories}>
        {draft.categories.length > 0 && (
          <Suspense fallback={<div />}>
            <CategoryOrder />
          </Suspense>
        )}
        <div>
          <div ref={cards}>
            {draft.categories.map((category, index) => (
              // A key can be edited, which must not replace the fields that somebody is typing in.
              <CategoryCard key={index} category={category} index={index} />
            ))}
          </div>
          <Button disabled={isFrozen} onClick={add}>
            {texts.addCategory}
          </Button>
        </div>
      </div>
    </section>
  )
}
