import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { someoneGivesAllTo, stored } from '../support/api'
import { TestServer } from '../support/server'
import { expectNoViolations } from './support/axe'
import { launch, visit, type Visit } from './support/browser'
import { openOnOwnServer } from './support/ownServer'
import { give, submit, submitted } from './support/participation'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

/** What is set where nobody sets anything. */
const DEFAULT_RATE = '300/h:50'

function status(page: Page) {
  return page.locator('[aria-live=polite]').filter({ hasText: 'Just a moment' })
}

/** The network's allowance is used up, so whoever comes next is asked for work. */
async function openBeyondTheAllowance(
  settings: Readonly<Record<string, string>> = {},
): Promise<Visit & { server: TestServer }> {
  const visitor = await openOnOwnServer(chromium.browser, {
    TAXBUDGET_NETWORK_SUBMISSION_RATE: '1/h',
    ...settings,
  })
  await someoneGivesAllTo(visitor.server, 'education')
  return visitor
}

describe('an answer beyond the allowance of its network', () => {
  it('is sent by itself after a short calculation, which the keyboard and a screen reader can follow', async () => {
    const { server, page } = await openBeyondTheAllowance()
    const keys: unknown[] = []
    let release: (() => void) | undefined
    const released = new Promise<void>((done) => {
      release = done
    })
    await page.route('**/graphql', async (route) => {
      const body = route.request().postDataJSON() as { variables?: { input?: Record<string, unknown> } }
      const input = body.variables?.input
      if (input) keys.push(input.idempotencyKey)
      // The solution is there; what the page shows until then is looked at first.
      if (input?.challengeSolution) await released
      await route.continue()
    })
    await give(page, { Healthcare: '100' })
    await page.getByRole('button', { name: /^Submit/ }).focus()
    await page.keyboard.press('Enter')
    await status(page).waitFor()
    const focused = await page.evaluate(() => document.activeElement?.textContent)
    expect(focused).toBe('Submitting…')
    await expectNoViolations(page, 'while the device works')
    release?.()
    await submitted(page)
    expect(await status(page).count()).toBe(0)
    expect(keys).toEqual([keys[0], keys[0]])
    await expect.poll(() => stored(server)).toEqual({ participants: 2, submissions: 2 })
  })

  it('takes a slow phone a moment and nothing else', async () => {
    const { server, page } = await openBeyondTheAllowance()
    await page.setViewportSize({ width: 360, height: 740 })
    const session = await page.context().newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: 6 })
    page.setDefaultTimeout(15_000)
    await give(page, { Healthcare: '100' })
    await submit(page)
    await status(page).waitFor()
    await submitted(page)
    await expect.poll(() => stored(server)).toEqual({ participants: 2, submissions: 2 })
  })

  it('is told to wait where the calculation cannot be done, and may be tried again', async () => {
    const { server, page } = await openBeyondTheAllowance({ TAXBUDGET_PROOF_OF_WORK: '10' })
    await page.route('**/solver.worker-*', (route) => route.abort())
    await give(page, { Healthcare: '100' })
    await submit(page)
    await page.getByRole('group', { name: 'Too many submissions' }).waitFor()
    await page.unroute('**/solver.worker-*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await submitted(page)
    await expect.poll(() => stored(server)).toEqual({ participants: 2, submissions: 2 })
  })

  it('is accepted from a plain-http address too, where browsers have no cryptography of their own', async () => {
    const server = await TestServer.start({
      TAXBUDGET_NETWORK_SUBMISSION_RATE: '1/h',
      TAXBUDGET_PROOF_OF_WORK: '100',
    })
    onTestFinished(() => server.remove())
    const browser = await launch(['--host-resolver-rules=MAP office.test 127.0.0.1'])
    onTestFinished(() => browser.close())
    await someoneGivesAllTo(server, 'education')
    const { page } = await visit(browser, `${server.origin.replace('127.0.0.1', 'office.test')}/`)
    expect(await page.evaluate(() => window.isSecureContext)).toBe(false)
    await give(page, { Healthcare: '100' })
    await submit(page)
    await submitted(page)
    await expect.poll(() => stored(server)).toEqual({ participants: 2, submissions: 2 })
  })
})

describe('an office behind one address', () => {
  it('takes part: the first fifty at once, and those after them together after a moment', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser, {
      TAXBUDGET_NETWORK_SUBMISSION_RATE: DEFAULT_RATE,
    })
    for (let colleague = 0; colleague < 51; colleague += 1) {
      await someoneGivesAllTo(server, 'education').catch(() => undefined)
    }
    const colleagues = [page]
    for (let more = 0; more < 3; more += 1) {
      const visitor = await visit(chromium.browser, `${server.origin}/`)
      onTestFinished(() => visitor.close())
      colleagues.push(visitor.page)
    }
    await Promise.all(
      colleagues.map(async (colleague) => {
        colleague.setDefaultTimeout(15_000)
        await give(colleague, { Healthcare: '100' })
        await submit(colleague)
        await submitted(colleague)
      }),
    )
    await expect.poll(async () => (await stored(server)).participants).toBeGreaterThanOrEqual(54)
  })
})
