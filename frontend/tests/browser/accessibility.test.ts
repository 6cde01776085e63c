import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { someoneGivesAllTo } from '../support/api'
import { expectNoViolations } from './support/axe'
import { visit } from './support/browser'
import { connection, give, submit, submitted } from './support/participation'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer(async (server) => {
  await someoneGivesAllTo(server, 'education')
})

const PAGES = ['/', '/aggregate', '/history', '/privacy', '/nothing-here', '/results/nobody']

async function open(page: Page, path: string): Promise<void> {
  await page.goto(there.server.origin + path)
  await page.locator('main :is(form, ol, p)').first().waitFor()
  if (path === '/aggregate') await connection(page, 'live').waitFor()
}

describe('axe finds nothing', () => {
  it('on any page', async () => {
    const { page, close } = await visit(chromium.browser, `${there.server.origin}/`)
    for (const path of PAGES) {
      await open(page, path)
      await expectNoViolations(page, path)
    }
    await close()
  })

  it('with a mistake in a field, a refusal and a counted submission', async () => {
    const { page, close } = await visit(chromium.browser, `${there.server.origin}/`)
    await give(page, { Healthcare: '33.333', Education: '90' })
    await submit(page)
    await expectNoViolations(page, 'refused')
    await give(page, { Healthcare: '10' })
    await submit(page)
    await submitted(page)
    await expectNoViolations(page, 'counted')
    await close()
  })
})

describe('axe finds nothing in any state', () => {
  async function visitor(path: string) {
    const { page, close } = await visit(chromium.browser, there.server.origin + path)
    onTestFinished(close)
    return page
  }

  it('of the form', async () => {
    const page = await visitor('/')
    await give(page, { Healthcare: '60', Education: '50' })
    await page.getByRole('button', { name: 'Lock Healthcare' }).click()
    await expectNoViolations(page, 'too much, one line locked')
    await page.getByRole('button', { name: 'Lock Education' }).click()
    await give(page, { Healthcare: '70' })
    await expectNoViolations(page, 'locked over 100 %')
    await page.getByRole('button', { name: 'Your tax receipt' }).click()
    await page.getByRole('button', { name: '$60,000' }).click()
    await expectNoViolations(page, 'receipt')
  })

  it('of the results', async () => {
    const page = await visitor('/aggregate')
    await page.getByRole('button', { name: 'Education' }).click()
    await page.getByRole('list', { name: 'How many give how much' }).waitFor()
    await expectNoViolations(page, 'a line open')
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('radio', { name: 'Table' }).click()
    await expectNoViolations(page, 'paused, as a table')
  })

  it('of loading and of failing', async () => {
    const page = await visitor('/nothing-here')
    let answer: () => void = () => undefined
    await page.route('**/graphql', async (route) => {
      await new Promise<void>((done) => (answer = done))
      await route.abort()
    })
    await page.getByRole('link', { name: 'Take part' }).first().click()
    await page.getByText('Loading…').waitFor()
    await expectNoViolations(page, 'loading')
    answer()
    await page.getByRole('heading', { name: 'No answer from the server' }).waitFor()
    await expectNoViolations(page, 'no answer')
  })

  it('of one submission, and of the history with one', async () => {
    const page = await visitor('/')
    await give(page, { Healthcare: '100' })
    await page.getByText('Remember me on this device').click()
    await submit(page)
    await submitted(page)
    await page.getByRole('link', { name: 'Your result' }).click()
    await page.getByRole('heading', { level: 1, name: /^An answer to/ }).waitFor()
    await expectNoViolations(page, 'one submission')
    await page.getByRole('link', { name: 'History' }).click()
    await page.getByRole('link', { name: 'Revise' }).waitFor()
    await expectNoViolations(page, 'history')
    await page.getByRole('link', { name: 'Revise' }).click()
    await page.getByRole('group', { name: 'Welcome back' }).waitFor()
    await expectNoViolations(page, 'welcome back')
  })
})

describe('a window of 320 pixels', () => {
  it('needs no scrolling sideways on any page', async () => {
    const { page, close } = await visit(chromium.browser, `${there.server.origin}/`, {
      viewport: { width: 320, height: 640 },
    })
    for (const path of PAGES) {
      await open(page, path)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(320)
    }
    await close()
  })
})

describe('what is left to give', () => {
  it('is in view at every point of the form, and said politely', async () => {
    const { page, close } = await visit(chromium.browser, `${there.server.origin}/`, {
      viewport: { width: 360, height: 640 },
    })
    await give(page, { Healthcare: '12.5' })
    for (const label of ['Healthcare', 'Other']) {
      await page.getByRole('textbox', { name: label, exact: true }).scrollIntoViewIfNeeded()
      const box = await page
        .locator('form')
        .getByText(/^Left to give/)
        .first()
        .boundingBox()
      expect(box && box.y >= 0 && box.y + box.height <= 640).toBe(true)
    }
    await expect
      .poll(() => page.locator('form').getByRole('status').textContent())
      .toBe('Left to give: 87.5%')
    await close()
  })
})
