import { useFormat, useTexts } from '../../texts/useTexts'
import styles from './BudgetTitle.module.css'

interface Props {
  budget: { title: string; description: string | null; totalAmount: number | null; currency: string }
}

export function BudgetTitle({ budget: { title, description, totalAmount, currency } }: Props) {
  const { budget: texts } = useTexts()
  const format = useFormat()
  return (
    <div className={styles.title}>
      <h1>
        <bdi>{title}</bdi>
      </h1>
      {totalAmount !== null && (
        <p className={styles.amount}>{texts.amount(format.largeMoney(totalAmount, currency))}</p>
      )}
      {description !== null && (
        <details className={styles.description}>
          <summary>{texts.about}</summary>
          <p>{description}</p>
        </details>
      )}
    </div>
  )
}
