import { budget as texts } from '../texts/en'
import { moneyText } from '../texts/format'
import styles from './BudgetTitle.module.css'

interface Props {
  budget: { title: string; description: string | null; totalAmount: number | null; currency: string }
}

export function BudgetTitle({ budget: { title, description, totalAmount, currency } }: Props) {
  return (
    <div className={styles.title}>
      <h1>{title}</h1>
      {totalAmount !== null && (
        <p className={styles.amount}>{texts.amount(moneyText(totalAmount, currency))}</p>
      )}
      {description !== null && <p className={styles.description}>{description}</p>}
    </div>
  )
}
