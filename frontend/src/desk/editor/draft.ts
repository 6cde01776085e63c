/** All of a budget that an organiser can edit, in the form of the published JSON Schema. */
export interface Draft {
  readonly slug: string
  readonly title: string
  readonly description: string | null
  readonly language: string
  readonly currency: string
  readonly totalAmount: number | null
  readonly categories: readonly DraftCategory[]
  readonly translations: Readonly<Record<string, DraftTranslation>>
  readonly startPosition: StartPosition
  readonly categoryOrder: CategoryOrder
  readonly taxIllustration: unknown
  readonly publishEvery: number
  readonly visibility: Visibility
  readonly participation: Participation
  readonly retentionDays: number | null
}

export interface DraftCategory {
  readonly key: string
  readonly label: string
  readonly description: string
  readonly color: string
  readonly actualPercent: number | null
}

export interface DraftTranslation {
  readonly title?: string | null
  readonly description?: string | null
  readonly categories?: Readonly<Record<string, CategoryTexts>>
}

export interface CategoryTexts {
  readonly label: string
  readonly description: string
}

export const START_POSITIONS = ['zero', 'equal', 'actual', 'latest'] as const
export const CATEGORY_ORDERS = ['fixed', 'rotated'] as const
export const VISIBILITIES = ['always', 'after-taking-part', 'after-closing'] as const
export const PARTICIPATIONS = ['open', 'code'] as const

export type StartPosition = (typeof START_POSITIONS)[number]
export type CategoryOrder = (typeof CATEGORY_ORDERS)[number]
export type Visibility = (typeof VISIBILITIES)[number]
export type Participation = (typeof PARTICIPATIONS)[number]

const NEW_BUDGET: Draft = {
  slug: '',
  title: '',
  description: null,
  language: 'en',
  currency: 'USD',
  totalAmount: null,
  categories: [],
  translations: {},
  startPosition: 'zero',
  categoryOrder: 'fixed',
  taxIllustration: null,
  publishEvery: 10,
  visibility: 'always',
  participation: 'open',
  retentionDays: null,
}

/** The draft in an answer of the server. What it leaves out has its default, and fields of a newer server are kept. */
export function draftOf(json: unknown): Draft {
  const sent = typeof json === 'object' && json !== null ? (json as Partial<Draft>) : {}
  const categories = (sent.categories ?? []).map((category) => ({
    ...category,
    description: (category as Partial<DraftCategory>).description ?? '',
    actualPercent: (category as Partial<DraftCategory>).actualPercent ?? null,
  }))
  return { ...NEW_BUDGET, ...sent, categories, translations: sent.translations ?? {} }
}

/** The translation of a draft for readers of this locale. Undefined if the draft's own texts are theirs, or it has none. */
function translationFor(draft: Draft, locale: string): DraftTranslation | undefined {
  const tag = locale.toLowerCase().split('-')[0] ?? ''
  return tag === draft.language ? undefined : draft.translations[tag]
}

/** The title as readers of this locale see it. An untranslated one is read in the budget's own language. */
export function titleFor(draft: Draft, locale: string): string {
  return nonEmpty(translationFor(draft, locale)?.title) ?? draft.title
}

/** The label of a category as readers of this locale see it. */
export function labelFor(draft: Draft, key: string, locale: string): string {
  const own = draft.categories.find((category) => category.key === key)?.label ?? key
  return nonEmpty(translationFor(draft, locale)?.categories?.[key]?.label) ?? own
}

function nonEmpty(text: string | null | undefined): string | undefined {
  return text == null || text === '' ? undefined : text
}

/** Colours that keep 3:1 against the light and the dark page, for new categories. */
export const PALETTE = [
  '#6f8850',
  '#0e7866',
  '#9d75bf',
  '#b5495b',
  '#845cb2',
  '#c57b04',
  '#4f8ee4',
  '#a0653a',
  '#2f87a3',
  '#8a7f72',
] as const

/** The number in the made-up key is random: two organisers who add a category at the same time have added two. */
export function withCategoryAdded(draft: Draft, random = 1000 + Math.floor(Math.random() * 9000)): Draft {
  const keys = new Set(draft.categories.map(({ key }) => key))
  let number = random
  while (keys.has(`category-${number}`)) number += 1
  const used = new Set(draft.categories.map(({ color }) => color))
  const color = PALETTE.find((one) => !used.has(one)) ?? PALETTE[draft.categories.length % PALETTE.length]
  const added: DraftCategory = {
    key: `category-${number}`,
    label: '',
    description: '',
    color: color ?? PALETTE[0],
    actualPercent: null,
  }
  return { ...draft, categories: [...draft.categories, added] }
}

export function withCategory(draft: Draft, key: string, change: Partial<DraftCategory>): Draft {
  return {
    ...draft,
    categories: draft.categories.map((category) =>
      category.key === key ? { ...category, ...change } : category,
    ),
  }
}

export function withCategoryRemoved(draft: Draft, key: string): Draft {
  return {
    ...draft,
    categories: draft.categories.filter((category) => category.key !== key),
    translations: mapValues(draft.translations, (translation) => ({
      ...translation,
      categories: without(translation.categories ?? {}, key),
    })),
  }
}

/** Moves a category by one place, or more. Beyond an end it stays at that end. */
export function withCategoryMoved(draft: Draft, key: string, by: number): Draft {
  const from = draft.categories.findIndex((category) => category.key === key)
  const moved = draft.categories[from]
  if (!moved) return draft
  const to = Math.max(0, Math.min(draft.categories.length - 1, from + by))
  return { ...draft, categories: draft.categories.toSpliced(from, 1).toSpliced(to, 0, moved) }
}

export function withOrder(draft: Draft, keys: readonly string[]): Draft {
  const byKey = new Map(draft.categories.map((category) => [category.key, category]))
  const ordered = keys.flatMap((key) => byKey.get(key) ?? [])
  return ordered.length === draft.categories.length ? { ...draft, categories: ordered } : draft
}

/**
 * A key that was made up by the page becomes one that is made of the label, because keys stand in downloads. A key that
 * is taken, and one that a person chose, stay.
 */
export function withKeyOfLabel(draft: Draft, key: string): Draft {
  const category = draft.categories.find((one) => one.key === key)
  if (!category || !/^category-\d+$/.test(key)) return draft
  const named = slugOf(category.label)
  if (named === '' || draft.categories.some((one) => one.key === named)) return draft
  return withKey(draft, key, named)
}

/** Renames the key of a category, also where its translations are stored by it. */
export function withKey(draft: Draft, key: string, named: string): Draft {
  return {
    ...draft,
    categories: draft.categories.map((one) => (one.key === key ? { ...one, key: named } : one)),
    translations: mapValues(draft.translations, (translation) => {
      const texts = translation.categories?.[key]
      if (!texts) return translation
      return { ...translation, categories: { ...without(translation.categories ?? {}, key), [named]: texts } }
    }),
  }
}

export function withTranslation(draft: Draft, tag: string, change: DraftTranslation): Draft {
  return {
    ...draft,
    translations: { ...draft.translations, [tag]: { ...draft.translations[tag], ...change } },
  }
}

export function withTranslationRemoved(draft: Draft, tag: string): Draft {
  return { ...draft, translations: without(draft.translations, tag) }
}

export function withCategoryTranslated(
  draft: Draft,
  tag: string,
  key: string,
  change: Partial<CategoryTexts>,
): Draft {
  const categories = draft.translations[tag]?.categories ?? {}
  const texts = { label: '', description: '', ...categories[key], ...change }
  return withTranslation(draft, tag, { categories: { ...categories, [key]: texts } })
}

/** Lower-case letters a to z, digits and hyphens, at most 64 of them. Accents are taken off. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replace(/^-+|-+$/g, '')
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
