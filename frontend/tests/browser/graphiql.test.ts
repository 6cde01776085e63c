import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch, visit, watchBreaches } from './support/browser'
import { TestServer } from './support/server'

let server: TestServer
let browser: Browser

beforeAll(async () => {
  server = await TestServer.start()
  browser = await launch()
})

afterAll(async () => {
  await browser.close()
  await server.remove()
})

async function run(page: Page, tab: string): Promise<void> {
  await page.getByRole('tab', { name: tab, exact: true }).click()
  await page.getByRole('button', { name: /^Execute query/ }).click()
}

/** The part of the answer that is on the screen; the editor writes its spaces as no-break ones. */
async function answer(page: Page): Promise<string> {
  const lines = await page.locator('.graphiql-response .view-line').allTextContents()
  return lines.join('\n').replaceAll('\u00a0', ' ')
}

describe('GraphiQL', () => {
  it('gets the current snapshot at once and a new one after a mutation, and asks nobody else', async () => {
    const watcher = await visit(browser, `${server.origin}/graphql`)
    await run(watcher.page, 'LiveAverages')
    await expect.poll(() => answer(watcher.page), { timeout: 8000 }).toContain('"participantCount": 0')

    const page = await watcher.page.context().newPage()
    const breaches = watchBreaches(page, server.origin)
    await page.goto(`${server.origin}/graphql`)
    await run(page, 'Submit')
    await expect.poll(() => answer(page), { timeout: 8000 }).toContain('"counted": true')
    await expect.poll(() => answer(watcher.page), { timeout: 8000 }).toContain('"participantCount": 1')

    await run(page, 'Averages')
    await expect.poll(() => answer(page), { timeout: 8000 }).toContain('"participantCount": 1')
    await run(page, 'History')
    await expect.poll(() => answer(page), { timeout: 8000 }).toContain('"participant": null')

    expect([...watcher.breaches, ...breaches]).toEqual([])
    await watcher.close()
  })
})
