import type { DeskTexts } from '../texts/deskLanguages'
import type { Draft } from './draft'

/** The name of a field for people: "Schools, Label" for the label of the category with the key `schools`. */
export function pathName(texts: DeskTexts, draft: Draft, path: readonly string[]): string {
  const names: Readonly<Record<string, string>> = texts.editor.fields
  return path
    .flatMap((name, index) => {
      if (name === 'categories' || name === 'translations') return []
      if (path[index - 1] === 'categories')
        return draft.categories.find(({ key }) => key === name)?.label ?? name
      return names[name] ?? name
    })
    .join(', ')
}
