import { useId } from 'react'
import { useTexts } from '../../texts/useTexts'

interface Props {
  budget: { readonly publishEvery: number }
}

/** The rules of a budget in plain words, from its settings. */
export function HowItWorks({ budget }: Props) {
  const { howItWorks: texts } = useTexts()
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{texts.heading}</h2>
      <p>{texts.shown(budget.publishEvery)}</p>
    </section>
  )
}
