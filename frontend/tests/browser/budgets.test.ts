import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { someoneGivesAllTo } from '../support/api'
import { expectNoViolations } from './support/axe'
import { addBudget } from './support/budgets'
import { changeDatabase } from './support/database'
import { openOnOwnServer } from './support/ownServer'
import { everyone, field } from './support/participation'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

function entry(page: Page, slug: string) {
  return page.locator(`[data-budget="${slug}"]`)
}

describe('where several budgets are open', () => {
  it('the first page lists them with their participants, live, and leads to each', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await addBudget(server, { slug: 'town', title: 'What should the town pay for?' })
    await addBudget(server, { slug: 'last-year', title: 'Last year', status: 'closed' })
    await page.goto(`${server.origin}/`)
    await page.getByRole('heading', { name: 'Which budget do you want to see?' }).waitFor()
    await entry(page, 'federal').getByText('0 participants').waitFor()
    await entry(page, 'federal').getByText('You can take part now.').waitFor()
    await entry(page, 'last-year').getByText('This budget is closed.').waitFor()
    expect(await page.locator('[data-budget]').last().getAttribute('data-budget')).toBe('last-year')
    await expectNoViolations(page, 'several budgets')

    await someoneGivesAllTo(server, 'education')
    await entry(page, 'federal').getByText('1 participant', { exact: true }).waitFor()

    await page.getByRole('link', { name: 'What should the town pay for?', exact: true }).click()
    await field(page, 'Schools, libraries and nurseries 0').waitFor()
    expect(page.url()).toBe(`${server.origin}/b/town`)
    await page.getByRole('link', { name: 'Tax Budget Allocator' }).click()
    await entry(page, 'federal').getByRole('link', { name: 'Averages' }).click()
    await everyone(page, 'education').waitFor()
    expect(page.url()).toBe(`${server.origin}/b/federal/results`)
  })

  it('the older address of the averages lists them too', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await addBudget(server, { slug: 'town', title: 'Town' })
    await page.goto(`${server.origin}/aggregate`)
    await entry(page, 'town').waitFor()
  })

  it('nothing is wider than a phone, in Arabic too', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await addBudget(server, { slug: 'town', title: 'Town' })
    await page.setViewportSize({ width: 390, height: 844 })
    for (const language of ['en', 'ar']) {
      await page.goto(`${server.origin}/?lang=${language}`)
      await entry(page, 'town').waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth), language).toBeLessThanOrEqual(
        390,
      )
    }
  })
})

describe('where one budget is open', () => {
  it('the first page is its form, whatever its name is', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await addBudget(server, { slug: 'last-year', title: 'Last year', status: 'closed' })
    await page.goto(`${server.origin}/`)
    await field(page, 'Healthcare').waitFor()

    await addBudget(server, { slug: 'town', title: 'Town' })
    await changeDatabase(server, "UPDATE budget SET status = 'closed' WHERE slug = 'federal'")
    await page.goto(`${server.origin}/`)
    await field(page, 'Schools, libraries and nurseries 0').waitFor()
  })
})
