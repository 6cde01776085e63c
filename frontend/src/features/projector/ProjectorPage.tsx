import { BudgetLoader } from '../../components/budget/BudgetLoader'
import { Projector } from './Projector'

/** The address for a hall: a budget's averages on a big screen, and how to take part. */
export function ProjectorPage({ slug }: { slug: string }) {
  return (
    <BudgetLoader key={slug} slug={slug}>
      {(budget) => <Projector budget={budget} />}
    </BudgetLoader>
  )
}
