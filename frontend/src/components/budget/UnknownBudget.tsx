import { PageLink } from '../../routing/PageLink'
import { budgetPath } from '../../routing/addresses'
import { useTexts } from '../../texts/useTexts'

interface Props {
  slug: string
  others: readonly { slug: string; title: string }[]
}

export function UnknownBudget({ slug, others }: Props) {
  const { budget: texts } = useTexts()
  return (
    <>
      <h1>{texts.unknown(slug)}</h1>
      {others.length > 0 && (
        <>
          <p>{texts.others}</p>
          <ul>
            {others.map((other) => (
              <li key={other.slug}>
                <PageLink href={budgetPath(other.slug)}>{other.title}</PageLink>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
