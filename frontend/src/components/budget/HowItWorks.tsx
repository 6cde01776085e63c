import { useId } from 'react'
import type { Participation } from '../../gql/graphql'
import { PageLink } from '../../routing/PageLink'
import { HOW_IT_WORKS, PRIVACY_PATH } from '../../routing/addresses'
import { useTexts } from '../../texts/useTexts'

export interface BudgetRules {
  readonly participation: Participation
  readonly publishEvery: number
  readonly retentionDays: number | null
  readonly closesAt: string | null
  readonly submissionsPerParticipant: { count: number; seconds: number } | null
}

/** The rules of a budget in plain words, from its settings. */
export function HowItWorks({ budget }: { budget: BudgetRules }) {
  const { howItWorks: texts } = useTexts()
  const id = useId()
  const who = [texts.who[budget.participation], texts.often(budget.submissionsPerParticipant)]
  if (budget.participation === 'OPEN') who.push(texts.withoutCookie)
  return (
    <section id={HOW_IT_WORKS} aria-labelledby={id} data-rules>
      <h2 id={id}>{texts.heading}</h2>
      <p>{who.join(' ')}</p>
      <p>{texts.kept(budget.retentionDays, budget.closesAt !== null)}</p>
      <p>{texts.shown(budget.publishEvery)}</p>
      <p>
        <PageLink href={PRIVACY_PATH}>{texts.more}</PageLink>
      </p>
    </section>
  )
}
