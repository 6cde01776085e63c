import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { RunOptions } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { someoneGivesAllTo } from './support/api'
import { launch, visit } from './support/browser'
import { connection, give, submit, submitted } from './support/participation'
import { TestServer } from './support/server'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let server: TestServer
let browser: Browser

beforeAll(async () => {
  server = await TestServer.start()
  await someoneGivesAllTo(server, 'education')
  browser = await launch()
})

afterAll(async () => {
  await server.remove()
  await browser.close()
})

/** Everything in light colours, then what can differ in dark ones. */
async function expectNoViolations(page: Page, where: string): Promise<void> {
  // Evaluated through the debugger, which the page's Content-Security-Policy does not bind.
  await page.evaluate(AXE)
  expect(await violations(page, {}), where).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page, { runOnly: ['color-contrast'] }), `${where}, dark`).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}

async function violations(page: Page, options: RunOptions): Promise<string[]> {
  const found = await page.evaluate(
    (asked) => (window as unknown as { axe: typeof axe }).axe.run(asked),
    options,
  )
  expect(found.passes.length).toBeGreaterThan(0)
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

const PAGES = ['/', '/aggregate', '/history', '/nothing-here', '/results/nobody']

async function open(page: Page, path: string): Promise<void> {
  await page.goto(server.origin + path)
  await page.locator('main :is(form, ol, p)').first().waitFor()
  if (path === '/' || path === '/aggregate') await connection(page, 'live').waitFor()
}

describe('axe finds nothing', () => {
  it('on any page', async () => {
    const { page, close } = await visit(browser, `${server.origin}/`)
    for (const path of PAGES) {
      await open(page, path)
      await expectNoViolations(page, path)
    }
    await close()
  })

  it('with a mistake in a field, a refusal and a counted submission', async () => {
    const { page, close } = await visit(browser, `${server.origin}/`)
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

describe('a window of 320 pixels', () => {
  it('needs no scrolling sideways on any page', async () => {
    const { page, close } = await visit(browser, `${server.origin}/`, {
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
    const { page, close } = await visit(browser, `${server.origin}/`, {
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
    await expect.poll(() => page.getByRole('status').first().textContent()).toBe('Left to give: 87.5%')
    await close()
  })
})
