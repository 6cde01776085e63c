import { budgetPath } from '../../routing/routes'
import { useTexts } from '../../texts/useTexts'

interface Props {
  slug: string | undefined
  others: readonly { slug: string; title: string }[]
}

export function UnknownBudget({ slug, others }: Props) {
  const { budget: texts } = useTexts()
  return (
    <>
      <h1>{slug === undefined ? texts.noneOpen : texts.unknown(slug)}</h1>
      {others.length > 0 && (
        <>
          <p>{texts.others}</p>
          <ul>
            {others.map((other) => (
              <li key={other.slug}>
                <a href={budgetPath(other.slug)}>{other.title}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
