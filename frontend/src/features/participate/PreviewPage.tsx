import { Page } from '../../components/Page'
import { BudgetLoader } from '../../components/budget/BudgetLoader'
import { DraftLoader } from './DraftLoader'
import { Preview } from './Preview'

/** The address of the form with `?preview=1`. Participants do not see drafts; the desk shows them to its organisers. */
export function PreviewPage({ slug }: { slug: string }) {
  return (
    <Page>
      <BudgetLoader
        key={slug}
        slug={slug}
        unknown={<DraftLoader slug={slug}>{(budget) => <Preview budget={budget} />}</DraftLoader>}
      >
        {(budget) => <Preview budget={budget} />}
      </BudgetLoader>
    </Page>
  )
}
