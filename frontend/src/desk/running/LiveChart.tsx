import { use, useState } from 'react'
import { Provider } from 'urql'
import { LiveResults } from '../../features/results/LiveResults'
import { useFormat } from '../../texts/useTexts'
import { PublicClient } from '../api/publicClient'
import { labelFor, titleFor, type Draft } from '../editor/draft'
import type { DeskState } from '../gql/graphql'
import { useDeskTexts } from '../texts/useDeskTexts'

interface Props {
  slug: string
  draft: Draft
  state: DeskState
}

/** The chart that participants see, live through the public API. What is hidden from them is hidden here too. */
export function LiveChart({ slug, draft, state }: Props) {
  const { running: texts } = useDeskTexts()
  const { locale } = useFormat()
  const client = use(PublicClient)
  const [isHidden, setIsHidden] = useState(false)
  if (!client) return null
  if (isHidden) return <p>{texts.hidden}</p>
  const categories = draft.categories.map((category) => ({
    ...category,
    label: labelFor(draft, category.key, locale),
  }))
  return (
    <Provider value={client}>
      <LiveResults
        budget={slug}
        title={titleFor(draft, locale)}
        heading={texts.results}
        categories={categories}
        initial={null}
        publishEvery={draft.publishEvery}
        isOver={state === 'CLOSED' || state === 'ARCHIVED'}
        mine={undefined}
        subject="mine"
        onHidden={() => {
          setIsHidden(true)
        }}
      />
    </Provider>
  )
}
