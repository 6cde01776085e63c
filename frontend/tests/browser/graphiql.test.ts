import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { visit, watchBreaches } from './support/browser'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer()

/** The editor must have taken over a tab before the next click: one that comes while it loads is half lost. */
async function open(page: Page, tab: string): Promise<void> {
  const lines = page.locator('.graphiql-query-editor .view-line')
  await lines.filter({ hasText: /^query|^mutation|^subscription/ }).waitFor()
  await page.getByRole('tab', { name: tab, exact: true }).click()
  await lines.filter({ hasText: new RegExp(`^\\w+.${tab}\\b`) }).waitFor()
}

async function execute(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Execute query/ }).click()
}

/** The part of the answer that is on the screen; the editor writes its spaces as no-break ones. */
async function answer(page: Page): Promise<string> {
  const lines = await page.locator('.graphiql-response .view-line').allTextContents()
  return lines.join('\n').replaceAll('\u00a0', ' ')
}

async function expectAnswer(page: Page, text: string): Promise<void> {
  const read = async () => {
    const shown = await answer(page)
    // For a moment after a change of tabs GraphiQL still names the other tab's operation; nothing was executed then.
    if (shown.includes('Unknown operation named')) await execute(page)
    return shown
  }
  await expect.poll(read, { timeout: 8000, interval: 200 }).toContain(text)
}

describe('GraphiQL', () => {
  it('gets the current snapshot at once and a new one after a mutation, and asks nobody else', async () => {
    const watcher = await visit(chromium.browser, `${there.server.origin}/graphql`)
    await open(watcher.page, 'LiveAverages')
    await execute(watcher.page)
    await expectAnswer(watcher.page, '"participantCount": 0')

    const page = await watcher.page.context().newPage()
    const breaches = watchBreaches(page, there.server.origin)
    await page.goto(`${there.server.origin}/graphql`)
    await open(page, 'Submit')
    await execute(page)
    await expectAnswer(page, '"counted": true')
    await expectAnswer(watcher.page, '"participantCount": 1')

    await open(page, 'Averages')
    await execute(page)
    await expectAnswer(page, '"participantCount": 1')
    await open(page, 'History')
    await execute(page)
    await expectAnswer(page, '"participant": null')

    expect([...watcher.breaches, ...breaches]).toEqual([])
    await watcher.close()
  })
})
