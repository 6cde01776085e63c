import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
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
  await browser.close()
  await server.remove()
})

/** Evaluated through the debugger, which the page's Content-Security-Policy does not bind. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  )
  expect(found.passes.length).toBeGreaterThan(10)
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  it('axe finds nothing on any page', async () => {
    const { page, close } = await visit(browser, `${server.origin}/`, { colorScheme })
    for (const path of ['/', '/aggregate', '/history', '/nothing-here', '/results/nobody']) {
      await page.goto(server.origin + path)
      await page.locator('main :is(form, ol, p)').first().waitFor()
      if (path === '/' || path === '/aggregate') await connection(page, 'live').waitFor()
      expect(await violations(page), path).toEqual([])
    }
    await close()
  })

  it('axe finds nothing with a mistake, a refusal and a counted submission', async () => {
    const { page, close } = await visit(browser, `${server.origin}/`, { colorScheme })
    await give(page, { Healthcare: '33.333', Education: '90' })
    await submit(page)
    expect(await violations(page)).toEqual([])
    await give(page, { Healthcare: '10' })
    await submit(page)
    await submitted(page)
    expect(await violations(page)).toEqual([])
    await close()
  })
})

describe('a window of 320 pixels', () => {
  it.each(['/', '/aggregate', '/history', '/results/nobody'])(
    '%s needs no scrolling sideways',
    async (path) => {
      const { page, close } = await visit(browser, server.origin + path, {
        viewport: { width: 320, height: 640 },
      })
      await page.locator('main :is(form, ol, p)').first().waitFor()
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBeLessThanOrEqual(320)
      await close()
    },
  )
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
        .getByText(/^Left to give/)
        .first()
        .boundingBox()
      expect(box && box.y >= 0 && box.y + box.height <= 640).toBe(true)
    }
    await expect.poll(() => page.getByRole('status').textContent()).toBe('Left to give: 87.5%')
    await close()
  })
})
