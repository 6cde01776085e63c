import { useId } from 'react'
import type { SortOrder } from './comparisonLines'
import { useTexts } from '../../texts/useTexts'
import styles from './ViewControls.module.css'

export type View = 'chart' | 'table'

const VIEWS: readonly View[] = ['chart', 'table']
const ORDERS: readonly SortOrder[] = ['budget', 'size', 'gap']

interface Props {
  view: View
  order: SortOrder
  onView: (view: View) => void
  onOrder: (order: SortOrder) => void
}

export function ViewControls({ view, order, onView, onOrder }: Props) {
  const { results } = useTexts()
  const id = useId()
  return (
    <div className={styles.controls}>
      <div className={styles.views} role="radiogroup" aria-label={results.view}>
        {VIEWS.map((known) => (
          <label key={known}>
            <input
              type="radio"
              name={`${id}-view`}
              checked={view === known}
              onChange={() => {
                onView(known)
              }}
            />
            <span>{results[known]}</span>
          </label>
        ))}
      </div>
      <p className={styles.order}>
        <label htmlFor={id}>{results.sortBy}</label>
        <select
          id={id}
          value={order}
          onChange={(event) => {
            onOrder(ORDERS.find((known) => known === event.target.value) ?? 'budget')
          }}
        >
          {ORDERS.map((known) => (
            <option key={known} value={known}>
              {results.orders[known]}
            </option>
          ))}
        </select>
      </p>
    </div>
  )
}
