import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { someoneGivesAllTo } from '../support/api'
import { expectNoViolations } from './support/axe'
import { visit } from './support/browser'
import { addBudget } from './support/budgets'
import { changeDatabase } from './support/database'
import { openOnOwnServer } from './support/ownServer'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer(async (server) => {
  await addBudget(server, {
    slug: 'long',
    title:
      'Which of the many things that our town pays for should it pay for first, and which last, next year?',
    lines: 14,
  })
  await someoneGivesAllTo(server, 'education')
})

async function project(slug: string, options: Parameters<typeof visit>[2]) {
  const visitor = await visit(chromium.browser, `${there.server.origin}/b/${slug}/projector`, options)
  await visitor.page.getByText(/\d participants?$/).waitFor()
  return visitor
}

/** The texts that do not stand wholly in the window, or are cut off by their box. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('main :is(h1, li > p, div > p, svg)')]
      .filter((element) => getComputedStyle(element).clipPath === 'none')
      .filter((element) => {
        const { top, left, bottom, right } = element.getBoundingClientRect()
        const isOutside = top < 0 || left < 0 || bottom > innerHeight + 0.5 || right > innerWidth + 0.5
        return isOutside || element.scrollWidth > element.clientWidth + 1
      })
      .map((element) => element.outerHTML.slice(0, 200)),
  )
}

/** A label of ten takes a twenty-fifth of the screen's height, so that the last row reads it. */
async function expectLargeLabels(page: Page, height: number): Promise<void> {
  const sizes = await page
    .locator('[data-category] > p')
    .evaluateAll((texts) => texts.map((text) => parseFloat(getComputedStyle(text).fontSize)))
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0.04 * height)
}

describe('the view for a hall', () => {
  it.each([
    ['federal', 1920, 1080],
    ['federal', 1280, 720],
    ['federal', 1024, 768],
    ['long', 1920, 1080],
    ['long', 1280, 720],
  ])('shows all of %s on %d by %d without scrolling', async (slug, width, height) => {
    const { page, breaches, close } = await project(slug, { viewport: { width, height } })
    const contents = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement
      return [scrollWidth, scrollHeight]
    })
    expect(contents).toEqual([width, height])
    expect(await cutOff(page)).toEqual([])
    if (slug === 'federal') await expectLargeLabels(page, height)
    expect(breaches).toEqual([])
    await close()
  })

  it('moves while people answer, and shows nothing but the budget', async () => {
    const { page, close } = await project('federal', { viewport: { width: 1280, height: 720 } })
    const science = page.locator('[data-category="science"]')
    await science.getByText('0%', { exact: true }).waitFor()
    await someoneGivesAllTo(there.server, 'science')
    await science.getByText('50%', { exact: true }).waitFor()
    await page.getByText('2 participants', { exact: true }).waitFor()
    await page.getByText(`${new URL(there.server.origin).host}/b/federal`, { exact: true }).waitFor()
    expect(await page.getByRole('navigation').count()).toBe(0)
    expect(await page.getByRole('button').count()).toBe(0)
    await close()
  })

  it('has nothing that axe finds, light and dark, and is a page like any other on a phone', async () => {
    const { page, close } = await project('federal', { viewport: { width: 1920, height: 1080 } })
    await expectNoViolations(page, 'in a hall')
    await page.setViewportSize({ width: 390, height: 844 })
    await expectNoViolations(page, 'on a phone')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    await close()
  })

  it('is one press away from the results', async () => {
    const { page, close } = await visit(chromium.browser, `${there.server.origin}/b/federal/results`)
    await page.getByRole('link', { name: 'Show on a big screen' }).click()
    await page.getByText('Scan to take part').waitFor()
    expect(await page.getByRole('navigation').count()).toBe(0)
    await page.goBack()
    await page.getByRole('navigation', { name: 'Pages' }).waitFor()
    await close()
  })

  it('reads from right to left in Arabic', async () => {
    const { page, close } = await visit(
      chromium.browser,
      `${there.server.origin}/b/federal/projector?lang=ar`,
      { viewport: { width: 1280, height: 720 } },
    )
    await page.getByText('امسح الرمز للمشاركة').waitFor()
    const box = await page.locator('[data-category="education"]').boundingBox()
    expect(box && box.x > 1280 / 4).toBe(true)
    expect(await cutOff(page)).toEqual([])
    await close()
  })

  it('leads to the results once the budget is closed', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await changeDatabase(server, "UPDATE budget SET status = 'closed'")
    await page.goto(`${server.origin}/b/federal/projector`)
    await page.getByText('Scan to see the results').waitFor()
    await page.getByRole('img', { name: `QR code of ${server.origin}/b/federal/results` }).waitFor()
  })
})
