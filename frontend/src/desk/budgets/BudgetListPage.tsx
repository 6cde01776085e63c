import { useState } from 'react'
import { useQuery } from 'urql'
import { Link } from 'wouter'
import { Page } from '../../components/Page'
import { useFormat } from '../../texts/useTexts'
import { QueryState } from '../components/QueryState'
import { draftOf, titleFor } from '../editor/draft'
import { graphql } from '../gql'
import { budgetPath } from '../paths'
import { includes, useSession } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { StateTag } from './StateTag'
import styles from './BudgetListPage.module.css'

const BudgetListQuery = graphql(`
  query BudgetList($archived: Boolean!) {
    budgets(archived: false) {
      ...ListedBudget
    }
    archived: budgets(archived: true) @include(if: $archived) {
      ...ListedBudget
    }
  }

  fragment ListedBudget on DeskBudget {
    slug
    state
    role
    draft
    updatedAt
    updatedBy
  }
`)

export function BudgetListPage() {
  const { budgets: texts, roles } = useDeskTexts()
  const format = useFormat()
  const { me } = useSession()
  const [archived, setArchived] = useState(false)
  const [{ data, error }, ask] = useQuery({ query: BudgetListQuery, variables: { archived } })
  const budgets = [...(data?.budgets ?? []), ...(data?.archived ?? [])]
  return (
    <Page title={texts.heading}>
      <h1>{texts.heading}</h1>
      {includes(me.role, 'ORGANISER') && (
        <p>
          <Link href="/new" className={styles.create}>
            {texts.create}
          </Link>
        </p>
      )}
      {!data && (
        <QueryState
          error={error}
          onRetry={() => {
            ask({ requestPolicy: 'network-only' })
          }}
        />
      )}
      {budgets.length === 0 && data && <p>{texts.none}</p>}
      <ul className={styles.list}>
        {budgets.map(({ slug, state, role, draft, updatedAt, updatedBy }) => (
          <li key={slug} className={styles.budget}>
            <h2>
              <Link href={budgetPath(slug)}>
                <bdi>{titleFor(draftOf(draft), format.locale)}</bdi>
              </Link>
            </h2>
            <p>
              <StateTag state={state} /> {roles[role]} · <span dir="ltr">/b/{slug}</span>
            </p>
            {updatedAt !== null && (
              <p className={styles.changed}>{texts.changed(format.day(updatedAt), updatedBy)}</p>
            )}
          </li>
        ))}
      </ul>
      <p>
        <label>
          <input
            type="checkbox"
            checked={archived}
            onChange={(event) => {
              setArchived(event.target.checked)
            }}
          />{' '}
          {texts.archived}
        </label>
      </p>
    </Page>
  )
}
