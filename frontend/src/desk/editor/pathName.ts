import type { DeskTexts } from '../texts/deskLanguages'
import type { Draft } from './draft'
import { languageName } from './languageName'

/**
 * The name of a field for people: "Schools, Name" for the label of the category with the key `schools`, which the server
 * writes as `categories[0].label`. Undefined if it is no field of a budget.
 */
export function pathName(
  { editor: texts }: Pick<DeskTexts, 'editor'>,
  draft: Draft | undefined,
  path: readonly string[],
  language: string,
): string | undefined {
  const fields: Readonly<Record<string, string>> = texts.fields
  const names = path.flatMap((name, index): (string | undefined)[] | string | undefined => {
    const isLast = index === path.length - 1
    if (name === 'categories') return isLast ? texts.categories : []
    if (name === 'translations') return isLast ? texts.languages : []
    const before = path[index - 1]
    if (before === 'translations') return languageName(name, language)
    if (before === 'categories') return draft?.categories.find(({ key }) => key === name)?.label ?? name
    const place = /^categories\[(\d+)\]$/.exec(name)?.[1]
    if (place !== undefined) {
      const label = draft?.categories[Number(place)]?.label ?? ''
      return label === '' ? texts.categoryNumber(Number(place) + 1) : label
    }
    const isOfCategory = path.slice(0, index).some((one) => one.startsWith('categories'))
    if (isOfCategory && name === 'description') return texts.fields.categoryDescription
    return fields[name] ?? (index === 0 ? undefined : [])
  })
  return names.includes(undefined) ? undefined : names.join(', ')
}
