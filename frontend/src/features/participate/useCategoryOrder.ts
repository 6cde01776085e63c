import { useState } from 'react'
import type { CategoryOrder } from '../../gql/graphql'
import { forgetRotation, rotated, rotationOf } from './rotation'

/**
 * The categories as this participant's form shows them. With `ROTATED` each form begins with another category, so that none
 * has the advantage of being first. `orderAnew` is for the next participant in the same tab.
 */
export function useCategoryOrder<T>(budget: string, categories: readonly T[], order: CategoryOrder) {
  const draw = () => (order === 'ROTATED' ? rotationOf(budget, categories.length) : 0)
  const [offset, setOffset] = useState(draw)

  function orderAnew(): void {
    forgetRotation(budget)
    setOffset(draw())
  }

  return { ordered: rotated(categories, offset), orderAnew }
}
