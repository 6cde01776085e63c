import type { ReactNode } from 'react'
import { stringifyDocument } from '@urql/core'
import { useQuery } from 'urql'
import { UnknownBudget } from '../../components/budget/UnknownBudget'
import { LoadingContent } from '../../components/states/LoadingContent'
import { PageBudgetFragmentDoc, type PageBudgetFragment } from '../../gql/graphql'
import { useFormat } from '../../texts/useTexts'

/** The desk's own API, which knows whose session the browser has. It shows a budget as the public API would. */
const DESK = { url: '/admin/graphql' }

interface Draft {
  readonly budget: { readonly public: PageBudgetFragment } | null
}

// Text, because the operations of the page are typed by the public schema.
const DRAFT_QUERY = `query PreviewOfDraft($budget: String!, $language: String!) {
  budget(slug: $budget) {
    public {
      ...PageBudget
    }
  }
}
${stringifyDocument(PageBudgetFragmentDoc)}`

interface Props {
  slug: string
  children: (budget: PageBudgetFragment) => ReactNode
}

/** Loads a budget that is not public yet, for a signed-in organiser. For everybody else there is no such budget. */
export function DraftLoader({ slug, children }: Props) {
  const { locale } = useFormat()
  const [{ data, fetching }] = useQuery<Draft>({
    query: DRAFT_QUERY,
    variables: { budget: slug, language: locale },
    context: DESK,
  })
  if (data?.budget) return children(data.budget.public)
  if (fetching) return <LoadingContent />
  return <UnknownBudget slug={slug} others={[]} />
}
