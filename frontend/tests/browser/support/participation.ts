import type { Page } from 'playwright-core'

/** The default budget's categories, in order. */
export const LABELS = [
  'Healthcare',
  'Education',
  'Defense & Military',
  'Infrastructure',
  'Social Security',
  'Environment',
  'Science & Research',
  'Public Safety',
  'Housing & Community',
  'Other',
]

export function field(page: Page, label: string) {
  return page.getByRole('textbox', { name: label, exact: true })
}

export async function give(page: Page, shares: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, text] of Object.entries(shares)) await field(page, label).fill(text)
}

export async function submit(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Submit/ }).click()
}

export async function submitted(page: Page): Promise<void> {
  await page.getByRole('group', { name: 'Counted.' }).waitFor()
}

/** What "everyone" gives to a category, as the page shows it. */
export function everyone(page: Page, category: string) {
  return page.locator(`[data-category="${category}"] [data-figure="everyone"] dd`)
}

export function counts(page: Page) {
  return page.getByTestId('counts')
}

export function connection(page: Page, state: string) {
  return page.locator(`[data-connection="${state}"]`)
}
