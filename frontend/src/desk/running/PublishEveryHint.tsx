import { Link } from 'wouter'
import { useBudget } from '../budgets/useBudget'
import { draftOf } from '../editor/draft'
import { fieldId } from '../editor/useEditor'
import { budgetPath } from '../paths'
import { useDeskTexts } from '../texts/useDeskTexts'

/** A hall with five people, or a trial with two, would wait for averages in vain. */
export function PublishEveryHint() {
  const { running: texts } = useDeskTexts()
  const { budget } = useBudget()
  const { publishEvery } = draftOf(budget.draft)
  if (publishEvery <= 1) return null
  return (
    <p>
      {texts.publishEvery(publishEvery)}{' '}
      <Link href={`${budgetPath(budget.slug, 'edit')}#${fieldId('publishEvery')}`}>{texts.changeNumber}</Link>
    </p>
  )
}
