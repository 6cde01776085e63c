import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launch } from './support/browser'
import { changeDatabase } from './support/database'
import { openOnOwnServer } from './support/ownServer'

let browser: Browser

beforeAll(async () => {
  browser = await launch()
})

afterAll(async () => {
  await browser.close()
})

it('a closed budget shows its averages and takes nothing', async () => {
  const { server, page } = await openOnOwnServer(browser)
  await changeDatabase(server, "UPDATE budget SET status = 'closed', closes_at = '2026-01-02T03:04:05+00:00'")
  await page.reload()
  await page.getByText('This budget closed on').waitFor()
  expect(await page.getByRole('button', { name: /^Submit/ }).count()).toBe(0)
  expect(await page.getByRole('heading', { name: 'Everyone, live' }).count()).toBe(1)
})
