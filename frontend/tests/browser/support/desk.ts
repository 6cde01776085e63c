import { type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { visit } from './browser'
import { TestServer } from '../../support/server'

export const PASSWORD = 'a long enough sentence'

/** A server of its own, and its owner, who has made their account by the link of the first start. */
export async function openDesk(
  browser: Browser,
  settings?: Readonly<Record<string, string>>,
  options?: BrowserContextOptions,
): Promise<{ page: Page; server: TestServer }> {
  const server = await TestServer.start(settings)
  onTestFinished(() => server.remove())
  const { page, breaches, close } = await visit(browser, server.invitation, options)
  onTestFinished(async () => {
    await close()
    expect(breaches).toEqual([])
  })
  await page.getByRole('textbox', { name: 'Name' }).fill('Ada')
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByRole('heading', { level: 1, name: 'Budgets' }).waitFor()
  return { page, server }
}

export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Makes an empty draft and opens its editor. */
export async function newBudget(page: Page, title: string): Promise<void> {
  await page.getByRole('link', { name: 'New budget' }).click()
  await page.getByLabel('The question').fill(title)
  await page.getByRole('button', { name: 'Make the draft' }).click()
  await saved(page)
}

export async function saved(page: Page): Promise<void> {
  await page.locator('[data-state="saved"]').waitFor()
}
