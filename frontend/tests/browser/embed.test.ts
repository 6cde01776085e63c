import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FrameLocator, Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { PageOperation } from '../../operationList'
import { ask, someoneGivesAllTo, stored } from '../support/api'
import { TestServer } from '../support/server'
import { expectNoViolations } from './support/axe'
import { watchBreaches } from './support/browser'
import { changeDatabase } from './support/database'
import { openDesk } from './support/desk'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

/** A page of another site that shows these addresses in frames. */
async function elsewhere(...addresses: string[]): Promise<string> {
  const frames = addresses.map((address) => `<iframe src="${address}" width="600" height="760"></iframe>`)
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><title>Elsewhere</title>${frames.join('')}`)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  // To a browser another site than 127.0.0.1.
  return `http://localhost:${String((server.address() as AddressInfo).port)}/`
}

async function ownServer(settings?: Readonly<Record<string, string>>): Promise<TestServer> {
  const server = await TestServer.start(settings)
  onTestFinished(() => server.remove())
  return server
}

async function open(url: string, locale?: string): Promise<Page> {
  const context = await chromium.browser.newContext(locale === undefined ? {} : { locale })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(8000)
  await page.goto(url)
  return page
}

function share(frame: FrameLocator | Page, category: string) {
  return frame.locator(`[data-category="${category}"] .share`)
}

/** A server that executes the page's own operations alone takes this one. */
async function someoneSendsThePagesOperation(server: TestServer): Promise<void> {
  const list = await readFile(join(import.meta.dirname, '../../operations.json'), 'utf8')
  const operations = JSON.parse(list) as PageOperation[]
  const { errors } = await ask(
    server,
    operations.find(({ name }) => name === 'SubmitAllocation')?.document ?? '',
    {
      input: { budget: 'federal', shares: [{ category: 'education', percent: 100 }], remember: false },
      language: 'en',
    },
  )
  if (errors) throw new Error(JSON.stringify(errors))
}

/** Runs in the page: what moved although nobody touched anything. */
function recordShifts(): void {
  const shifts: string[] = []
  Object.assign(window, { shifts })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { sources } = entry as unknown as { sources: { node?: Element | null }[] }
      shifts.push(...sources.map(({ node }) => node?.parentElement?.outerHTML ?? 'something'))
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

describe('results in a frame on a page of another site', () => {
  it('move live when somebody answers elsewhere, and leave nothing in the browser', async () => {
    const server = await ownServer({ TAXBUDGET_OPERATIONS: 'trusted' })
    const url = await elsewhere(`${server.origin}/embed/federal?lang=en`)
    const context = await chromium.browser.newContext()
    onTestFinished(() => context.close())
    const page = await context.newPage()
    page.setDefaultTimeout(8000)
    const breaches = watchBreaches(page, server.origin)
    await page.goto(url)
    const frame = page.frameLocator('iframe')
    await frame.getByText('0 participants').waitFor()
    await frame.getByText('Live', { exact: true }).waitFor()
    await expect.poll(() => share(frame, 'education').textContent()).toContain('–')

    await someoneSendsThePagesOperation(server)
    await frame.getByText('1 participant', { exact: true }).waitFor()
    await expect.poll(() => share(frame, 'education').textContent()).toMatch(/^100%/)

    const [, framed] = page.frames()
    // This browser blocks the storage of frames, and the results are there all the same.
    const storage = framed?.evaluate(() => localStorage.length)
    await expect(storage).rejects.toThrow('Access is denied')
    expect(await framed?.evaluate(() => document.cookie)).toBe('')
    expect(await context.cookies()).toEqual([])
    // Of the other page itself.
    expect(breaches.filter((breach) => breach !== `asked ${url}`)).toEqual([])
  })

  it('lead to the form in a tab of its own, by the keyboard too', async () => {
    const server = await ownServer()
    const page = await open(await elsewhere(`${server.origin}/embed/federal?view=form-link&lang=de`))
    const link = page.frameLocator('iframe').getByRole('link', { name: /^Mitmachen/ })
    await link.waitFor()
    expect(await page.frameLocator('iframe').locator('.line').count()).toBe(0)
    await page.keyboard.press('Tab')
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true)
    const opened = page.context().waitForEvent('page')
    await page.keyboard.press('Enter')
    const form = await opened
    await form.getByRole('textbox', { name: 'Gesundheit', exact: true }).waitFor()
    expect(new URL(form.url()).pathname).toBe('/b/federal')
  })

  it('are the only page that another site can show, and only a site that the setting names', async () => {
    const server = await ownServer()
    const closed = await ownServer({ TAXBUDGET_EMBED_ORIGINS: 'https://news.example.org' })
    const page = await open(
      await elsewhere(
        ...['/embed/federal', '/', '/b/federal', '/b/federal/results', '/b/federal?preview=1', '/admin'].map(
          (path) => server.origin + path,
        ),
        `${closed.origin}/embed/federal`,
      ),
    )
    await page.locator('iframe').first().contentFrame().getByText('0 participants').waitFor()
    const shown = await Promise.all(
      page
        .frames()
        .slice(1)
        .map(async (frame) =>
          frame.url().startsWith('chrome-error:') ? 'refused' : frame.locator('#root').count(),
        ),
    )
    expect(shown).toEqual([1, 'refused', 'refused', 'refused', 'refused', 'refused', 'refused'])
  })

  it('say when they will be shown, and appear when they may be', async () => {
    const server = await ownServer()
    await changeDatabase(server, "UPDATE budget SET visibility = 'after-closing'")
    await someoneGivesAllTo(server, 'education')
    const page = await open(`${server.origin}/embed/federal?lang=en`)
    await page.getByText('Everyone sees them when the budget has closed.').waitFor()
    expect(await share(page, 'education').textContent()).toContain('–')
    await expectNoViolations(page, 'hidden results in a frame')
    await changeDatabase(server, "UPDATE budget SET status = 'closed'")
    await page.reload()
    await expect.poll(() => share(page, 'education').textContent()).toMatch(/^100%/)
    await page.getByRole('link', { name: /^Averages/ }).waitFor()
  })

  it('speak each language, fit a phone, and shift nothing when the numbers come', async () => {
    const server = await ownServer()
    await someoneGivesAllTo(server, 'education')
    for (const [language, participants] of [
      ['en', '1 participant'],
      ['de', /^1 Person/],
      ['es', /^1 participante/],
      ['fr', /^1 participant/],
      ['ar', /مشارك/],
    ] as const) {
      const context = await chromium.browser.newContext({ viewport: { width: 340, height: 760 } })
      const page = await context.newPage()
      page.setDefaultTimeout(8000)
      await page.addInitScript(recordShifts)
      await page.goto(`${server.origin}/embed/federal?lang=${language}`)
      await page.getByText(participants).first().waitFor()
      await expect.poll(() => share(page, 'education').textContent()).toContain('100')
      expect(await page.evaluate(() => document.documentElement.dir)).toBe(language === 'ar' ? 'rtl' : 'ltr')
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(340)
      expect(await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)).toEqual([])
      await expectNoViolations(page, `a frame in ${language}`)
      await context.close()
    }
  })

  it('of an unknown budget say so', async () => {
    const server = await ownServer()
    const page = await open(`${server.origin}/embed/nothing?lang=en`)
    await page.getByText('There is no budget called “nothing”.').waitFor()
  })
})

it('an organiser sees the frame live beside its text', async () => {
  const { page, server } = await openDesk(chromium.browser)
  await page.getByRole('link', { name: 'How would you spend the federal budget?' }).click()
  await page.getByRole('link', { name: 'Share' }).click()
  const text = page.getByLabel('Text of the frame')
  await expect.poll(() => text.inputValue()).toContain('/embed/federal?lang=en')
  expect(await text.inputValue()).toMatch(/ title="How would you spend.*loading="lazy"/)
  const frame = page.frameLocator('iframe')
  await frame.getByText('0 participants').waitFor()
  await someoneGivesAllTo(server, 'education')
  await frame.getByText('1 participant', { exact: true }).waitFor()
  await expectNoViolations(page, 'share with a frame')
  await page.getByLabel('In the frame').selectOption('FORM_LINK')
  await frame.getByRole('link', { name: /^Take part/ }).waitFor()
  await expect.poll(() => text.inputValue()).toContain('view=form-link')
  expect(await stored(server)).toEqual({ participants: 1, submissions: 1 })
})
