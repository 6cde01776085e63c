import { useId, useState } from 'react'
import type { Allocation } from '../../domain/allocation'
import { parseAmount, partsOf, taxesOn, type Tax } from './taxes'
import { useFormat, useTexts } from '../../texts/useTexts'
import { Button } from '../../components/Button'
import { ReceiptSlip, type ReceiptLine } from './ReceiptSlip'
import styles from './TaxReceipt.module.css'

export interface Illustration {
  readonly note: string
  readonly incomes: readonly number[]
  readonly taxes: readonly Tax[]
}

interface Props {
  currency: string
  categories: readonly { key: string; label: string }[]
  mine: Allocation
  real: Allocation | undefined
  /** Null where the budget has none: the person then enters the taxes instead of the income. */
  illustration: Illustration | null
}

/** Shows the taxes on an income and how they are spent, by this allocation and by the real budget. Nothing is sent or stored. */
export default function TaxReceipt({ currency, categories, mine, real, illustration }: Props) {
  const { receipt: texts } = useTexts()
  const format = useFormat()
  const id = useId()
  const [typed, setTyped] = useState('')
  const amount = parseAmount(typed)
  const paid = amount === undefined ? undefined : illustration ? taxIn(illustration, amount) : amount
  const isWrong = typed.trim() !== '' && amount === undefined

  return (
    <div className={styles.receipt}>
      <p>{texts.private}</p>
      <p className={styles.ask}>
        <label htmlFor={id}>{illustration ? texts.income(currency) : texts.taxes(currency)}</label>
        <input
          id={id}
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? `${id}-wrong` : undefined}
          onChange={(event) => {
            setTyped(event.target.value)
          }}
        />
        {illustration?.incomes.map((income) => (
          <Button
            key={income}
            onClick={() => {
              setTyped(format.count(income))
            }}
          >
            {format.money(income, currency)}
          </Button>
        ))}
      </p>
      {isWrong && (
        <p id={`${id}-wrong`} className={styles.wrong}>
          {texts.wrong}
        </p>
      )}
      {paid !== undefined && (
        <ReceiptSlip
          currency={currency}
          heading={
            illustration && amount !== undefined
              ? texts.paid(format.money(paid, currency), format.money(amount, currency))
              : texts.paidInAll(format.money(paid, currency))
          }
          lines={linesOf(categories, paid, mine, real)}
          total={paid}
          note={illustration?.note}
        />
      )}
    </div>
  )
}

/** In whole units: cents would claim more precision than an illustration has. */
function taxIn({ taxes }: Illustration, income: number): number {
  return Math.round(taxesOn(income, taxes).reduce((sum, cents) => sum + cents, 0) / 100)
}

function linesOf(
  categories: Props['categories'],
  paid: number,
  mine: Allocation,
  real: Allocation | undefined,
): ReceiptLine[] {
  const parts = (allocation: Allocation) =>
    partsOf(
      paid,
      categories.map(({ key }) => allocation[key] ?? 0),
    )
  const mineParts = parts(mine)
  const realParts = real && parts(real)
  return categories.map(({ key, label }, index) => ({
    key,
    label,
    mine: mineParts[index] ?? 0,
    real: realParts?.[index],
  }))
}
