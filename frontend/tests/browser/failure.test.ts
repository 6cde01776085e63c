import type { Route } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { stored } from '../support/api'
import { openOnOwnServer } from './support/ownServer'
import { give, submit, submitted } from './support/participation'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

interface Sent {
  readonly variables: { input: { idempotencyKey: string; shares: unknown } }
}

/** The submission reaches the server, its answer never reaches the browser: the case that idempotency keys are for. */
async function loseTheAnswer(route: Route): Promise<void> {
  const request = route.request()
  await fetch(request.url(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: request.postData(),
  })
  await route.abort('connectionreset')
}

describe.each([{ remember: false }, { remember: true }])(
  'an answer that got lost (remember: $remember)',
  ({ remember }) => {
    it('is asked for again with the same key and counts once', async () => {
      const { server, page } = await openOnOwnServer(chromium.browser)
      const sent: Sent[] = []
      await page.route('**/graphql', async (route) => {
        const body = route.request().postData() ?? ''
        if (!body.includes('submitAllocation')) return route.continue()
        sent.push(JSON.parse(body) as Sent)
        return sent.length === 1 ? loseTheAnswer(route) : route.continue()
      })

      await give(page, { Healthcare: '50', Education: '50' })
      if (remember) await page.getByText('Remember me on this device').click()
      await submit(page)
      await page.getByRole('group', { name: 'No answer from the server' }).waitFor()
      await page.getByRole('button', { name: 'Try again' }).click()
      await submitted(page)

      expect(sent).toHaveLength(2)
      expect(sent[1]).toEqual(sent[0])
      expect(sent[0]?.variables.input.idempotencyKey).toMatch(/^[0-9a-f]{32}$/)
      await expect.poll(() => stored(server)).toEqual({ participants: 1, submissions: 1 })
    })
  },
)

describe.each([{ remember: false }, { remember: true }])(
  'an answer that got lost before the page was loaded again (remember: $remember)',
  ({ remember }) => {
    it('is asked for with the key of the first try and counts once', async () => {
      const { server, page } = await openOnOwnServer(chromium.browser)
      let tries = 0
      await page.route('**/graphql', (route) => {
        if (!route.request().postData()?.includes('submitAllocation')) return route.continue()
        tries += 1
        return tries === 1 ? loseTheAnswer(route) : route.continue()
      })
      await give(page, { Healthcare: '50', Education: '50' })
      if (remember) await page.getByText('Remember me on this device').click()
      await submit(page)
      await page.getByRole('group', { name: 'No answer from the server' }).waitFor()
      await expect.poll(() => stored(server)).toEqual({ participants: 1, submissions: 1 })

      await page.reload()
      if (remember) await page.getByText('Remember me on this device').click()
      await submit(page)
      await submitted(page)
      expect(tries).toBe(2)
      await expect.poll(() => stored(server)).toEqual({ participants: 1, submissions: 1 })
      expect(await page.evaluate(() => sessionStorage.getItem('taxbudget:pending:federal'))).toBeNull()
    })
  },
)

describe('a browser that forbids storage', () => {
  it('can submit, and try again after a lost answer', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await page.addInitScript(() => {
      Object.defineProperty(window, 'sessionStorage', {
        get() {
          throw new DOMException('storage is blocked', 'SecurityError')
        },
      })
    })
    await page.reload()
    let tries = 0
    await page.route('**/graphql', (route) => {
      if (!route.request().postData()?.includes('submitAllocation')) return route.continue()
      tries += 1
      return tries === 1 ? loseTheAnswer(route) : route.continue()
    })
    await give(page, { Healthcare: '100' })
    await submit(page)
    await page.getByRole('button', { name: 'Try again' }).click()
    await submitted(page)
    expect(await stored(server)).toEqual({ participants: 1, submissions: 1 })
  })
})

describe('a server that is gone', () => {
  it('is said, and submitting works once it is back', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await give(page, { Healthcare: '100' })
    await server.down()
    await submit(page)
    await page.getByRole('group', { name: 'No answer from the server' }).waitFor()
    await server.up()
    await page.getByRole('button', { name: 'Try again' }).click()
    await submitted(page)
  })
})

describe('too many submissions', () => {
  it('are refused with the time to wait', async () => {
    const { page } = await openOnOwnServer(chromium.browser, { TAXBUDGET_SUBMISSION_RATE: '1/h' })
    await page.getByText('Remember me on this device').click()
    const refusal = page.getByRole('group', { name: 'Too many submissions' })
    for (let share = 100; share > 60 && (await refusal.count()) === 0; share -= 1) {
      const change = page.getByRole('button', { name: 'Change my answer' })
      if ((await change.count()) > 0) await change.click()
      await give(page, { Healthcare: String(share), Education: String(100 - share) })
      await submit(page)
      await refusal.or(page.getByRole('group', { name: 'Counted.' })).waitFor()
    }
    expect(await refusal.textContent()).toMatch(
      /You can try again in [\d,]+ (seconds?|minutes), at \d\d:\d\d\./,
    )
  })
})
