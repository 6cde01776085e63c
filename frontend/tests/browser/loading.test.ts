import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { visit } from './support/browser'
import { openDesk } from './support/desk'
import { everyone, field } from './support/participation'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer()

const PHONE = { viewport: { width: 390, height: 844 } }

/** How much of the window has moved by itself, as browsers sum it up ("cumulative layout shift"). */
const moved = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((done) => {
        let sum = 0
        const shifts = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value
        })
        shifts.observe({ type: 'layout-shift', buffered: true })
        // The observer is told of what was before, after the next frame.
        requestAnimationFrame(() => {
          setTimeout(() => {
            done(sum)
          })
        })
      }),
  )

/** The names of the scripts that were loaded, without their hashes. */
const scripts = (page: Page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => /assets\/([\w-]+)-[\w-]{8}\.js$/.exec(name)?.[1])
      .filter((name) => name !== undefined),
  )

describe('a page whose data comes late', () => {
  it.each([
    ['the form', '/', (page: Page) => field(page, 'Healthcare').waitFor()],
    ['the averages', '/aggregate', (page: Page) => everyone(page, 'science').waitFor()],
    ['the history', '/history', (page: Page) => page.getByText('Nothing here yet').waitFor()],
  ])('does not move what is there: %s', async (_, path, isThere) => {
    const { page, close } = await visit(
      chromium.browser,
      there.server.origin + path,
      PHONE,
      async (blank) => {
        await blank.route('**/graphql', async (route) => {
          const response = await route.fetch()
          // A frame is painted before.
          await blank.evaluate(
            () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
          )
          await route.fulfill({ response })
        })
      },
    )
    await isThere(page)
    expect(await moved(page)).toBeLessThan(0.01)
    await close()
  })
})

describe('a page whose scripts come late', () => {
  it('has its name, in the height of the masthead and on its side', async () => {
    let letThrough: () => void = () => undefined
    const isLate = new Promise<void>((done) => (letThrough = done))
    const context = await chromium.browser.newContext(PHONE)
    onTestFinished(() => context.close())
    const page = await context.newPage()
    await page.route('**/assets/*.js', async (route) => {
      await isLate
      await route.continue()
    })
    await page.goto(`${there.server.origin}/?lang=ar`, { waitUntil: 'commit' })
    const name = page.locator('.shell')
    await name.waitFor()
    expect(await name.innerText()).toBe('Tax Budget Allocator')
    expect(await name.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl')
    const before = await name.boundingBox()
    letThrough()
    await page.getByRole('slider').first().waitFor()
    expect(await name.count()).toBe(0)
    const masthead = await page.getByRole('banner').boundingBox()
    expect(Math.abs((masthead?.height ?? 0) - (before?.height ?? 0))).toBeLessThan(2)
  })
})

describe('what is loaded', () => {
  it('of the averages has nothing that only the desk needs', async () => {
    const { page, close } = await visit(chromium.browser, `${there.server.origin}/aggregate`)
    await everyone(page, 'science').waitFor()
    expect(await scripts(page)).toContain('LiveResults')
    expect(await scripts(page)).not.toContain('aria')
    await close()
  })

  it('of the desk is the screen at hand, and everything at the first sign of work', async () => {
    const { page } = await openDesk(chromium.browser)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Budgets' }).waitFor()
    await page.getByRole('link', { name: 'New budget' }).waitFor()
    expect(await scripts(page)).toContain('BudgetListPage')
    for (const other of ['EditorPart', 'OperationsPage', 'aria'])
      expect(await scripts(page)).not.toContain(other)
    await page.mouse.move(10, 10)
    for (const other of ['EditorPart', 'OperationsPage', 'aria'])
      await expect.poll(() => scripts(page)).toContain(other)
  })
})
