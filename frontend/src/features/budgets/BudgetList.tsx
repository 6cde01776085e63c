import { useEffect, useEffectEvent } from 'react'
import { useQuery } from 'urql'
import { usePhase } from '../../components/budget/usePhase'
import { LoadingContent } from '../../components/states/LoadingContent'
import { ProblemContent } from '../../components/states/ProblemContent'
import { isOpen } from '../../domain/budgetWindow'
import { graphql } from '../../gql'
import type { BudgetListQuery as BudgetListData } from '../../gql/graphql'
import { serverClock } from '../../graphql/client'
import { problemOf } from '../../graphql/problem'
import { budgetPath, budgetResultsPath } from '../../routing/addresses'
import { PageLink } from '../../routing/PageLink'
import { phaseText } from '../../components/budget/phaseText'
import { useFormat, useTexts } from '../../texts/useTexts'
import styles from './BudgetList.module.css'

const BudgetListQuery = graphql(`
  query BudgetList($language: String!) {
    budgets {
      slug
      title(language: $language)
      status
      isPaused
      opensAt
      closesAt
      aggregate {
        participantCount
      }
    }
  }
`)

type ListedBudget = BudgetListData['budgets'][number]

/** A socket carries ten subscriptions at most, and there may be more budgets: one question for all of them is enough. */
const ASK_EVERY_MS = 5_000

/** The budgets that one can see, the open ones first. */
export function BudgetList() {
  const { budget: texts, budgets: list } = useTexts()
  const { locale } = useFormat()
  const [{ data, error }, ask] = useQuery({ query: BudgetListQuery, variables: { language: locale } })
  useRepeated(ask, ASK_EVERY_MS)

  if (!data) {
    return error ? <ProblemContent problem={problemOf(error)} onRetry={ask} /> : <LoadingContent />
  }
  const open = data.budgets.filter((budget) => isOpen(budget, serverClock.now()))
  const others = data.budgets.filter((budget) => !open.includes(budget))
  return (
    <>
      <h1>{open.length === 0 ? texts.noneOpen : list.heading}</h1>
      <ul className={styles.list}>
        {[...open, ...others].map((budget) => (
          <Entry key={budget.slug} budget={budget} />
        ))}
      </ul>
    </>
  )
}

function Entry({ budget }: { budget: ListedBudget }) {
  const texts = useTexts()
  const format = useFormat()
  const { slug, title, aggregate } = budget
  const phase = usePhase(budget)
  return (
    <li className={styles.entry} data-budget={slug} data-phase={phase}>
      <h2>
        <PageLink href={budgetPath(slug)}>
          <bdi>{title}</bdi>
        </PageLink>
      </h2>
      <p className={styles.state}>{phaseText(texts, format, budget, phase)}</p>
      {aggregate && <p>{texts.budgets.participants(aggregate.participantCount)}</p>}
      <p>
        <PageLink href={budgetResultsPath(slug)} label={`${texts.site.aggregate}: ${title}`}>
          {texts.site.aggregate}
        </PageLink>
      </p>
    </li>
  )
}

/** Calls it again and again, as long as the page is in view. */
function useRepeated(call: () => void, everyMs: number): void {
  const callInView = useEffectEvent(() => {
    if (!document.hidden) call()
  })
  useEffect(() => {
    const timer = setInterval(() => {
      callInView()
    }, everyMs)
    return () => {
      clearInterval(timer)
    }
  }, [everyMs])
}
