import { useFormat, useTexts } from '../../texts/useTexts'
import { Button } from '../../components/Button'
import styles from './ReceiptSlip.module.css'

/** Amounts in whole units of the currency. */
export interface ReceiptLine {
  readonly key: string
  readonly label: string
  readonly mine: number
  readonly real: number | undefined
}

interface Props {
  currency: string
  heading: string
  lines: readonly ReceiptLine[]
  total: number
  note: string | undefined
}

/** The printed part of the page. It looks like paper in dark colours too. */
export function ReceiptSlip({ currency, heading, lines, total, note }: Props) {
  const { receipt: texts } = useTexts()
  const format = useFormat()
  const hasReal = lines.every(({ real }) => real !== undefined)
  const money = (amount: number) => format.money(amount, currency)
  const given = lines.reduce((sum, { mine }) => sum + mine, 0)

  return (
    <div className={styles.slip}>
      <table>
        <caption>{heading}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.line}</th>
            <th scope="col">{texts.mine}</th>
            {hasReal && <th scope="col">{texts.real}</th>}
            {hasReal && <th scope="col">{texts.difference}</th>}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, label, mine, real }) => (
            <tr key={key}>
              <th scope="row">{label}</th>
              <td>{money(mine)}</td>
              {hasReal && <td>{money(real ?? 0)}</td>}
              {hasReal && <td>{differenceText(mine - (real ?? 0))}</td>}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{texts.total}</th>
            <td>{money(given)}</td>
            {hasReal && <td>{money(total)}</td>}
            {hasReal && <td />}
          </tr>
        </tfoot>
      </table>
      {note !== undefined && <p className={styles.note}>{note}</p>}
      <Button
        onClick={() => {
          window.print()
        }}
      >
        {texts.print}
      </Button>
    </div>
  )

  function differenceText(difference: number): string {
    if (difference === 0) return texts.same
    return difference > 0 ? texts.more(money(difference)) : texts.less(money(-difference))
  }
}
