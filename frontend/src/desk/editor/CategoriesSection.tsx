import { Suspense, useRef } from 'react'
import { Button } from '../../components/Button'
import { ErrorBoundary } from '../../components/states/ErrorBoundary'
import { useNearby } from '../../components/useNearby'
import { fromPercent, WHOLE } from '../../domain/share'
import { useFormat } from '../../texts/useTexts'
import { LazyCategoryOrder } from '../lazyScreens'
import { useDeskTexts } from '../texts/useDeskTexts'
import { CategoryCard } from './CategoryCard'
import { withCategoryAdded } from './draft'
import { fieldId, useEditor } from './useEditor'
import styles from './Editor.module.css'

export function CategoriesSection() {
  const { editor: texts } = useDeskTexts()
  const { draft, edit, isFrozen } = useEditor()
  const format = useFormat()
  const cards = useRef<HTMLDivElement>(null)

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
        {draft.categories.length > 0 && <OrderNearby count={draft.categories.length} />}
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

/** The list to order the categories by, once it is near the window: what dragging needs is as much code as all the screens. */
function OrderNearby({ count }: { count: number }) {
  const place = useRef<HTMLDivElement>(null)
  const isNearby = useNearby(place)
  return (
    <div ref={place} style={{ minBlockSize: `${7 + 2.75 * count}rem` }}>
      {isNearby && (
        // Without it, the buttons order the lines.
        <ErrorBoundary fallback={null}>
          <Suspense>
            <LazyCategoryOrder />
          </Suspense>
        </ErrorBoundary>
      )}
    </div>
  )
}
