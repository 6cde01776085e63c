import { useId } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import type { SortOrder } from './comparisonLines'
import { useTexts } from '../../texts/useTexts'
import styles from './ViewControls.module.css'

export type View = 'chart' | 'table'

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
      <ToggleButtonGroup
        className={styles.views ?? ''}
        aria-label={results.view}
        disallowEmptySelection
        selectedKeys={[view]}
        onSelectionChange={(keys) => {
          onView(keys.has('table') ? 'table' : 'chart')
        }}
      >
        <ToggleButton id="chart">{results.chart}</ToggleButton>
        <ToggleButton id="table">{results.table}</ToggleButton>
      </ToggleButtonGroup>
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
