import { describe, expect, it } from 'vitest'
import { someoneGivesAllTo } from '../support/api'
import { visit } from './support/browser'
import { connection, counts, everyone, give, submit, submitted } from './support/participation'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer()

describe('two people, two browsers', () => {
  it('see a submission of the one move the averages of the other without a reload', async () => {
    const watcher = await visit(chromium.browser, `${there.server.origin}/aggregate`)
    await connection(watcher.page, 'live').waitFor()
    await expect.poll(() => counts(watcher.page).textContent()).toBe('0 participants, 0 submissions')
    await watcher.page.evaluate(() => {
      document.body.dataset.loadedOnce = 'yes'
    })

    const giver = await visit(chromium.browser, `${there.server.origin}/`)
    await give(giver.page, { Healthcare: '62,5', Education: '37.5' })
    await submit(giver.page)
    await submitted(giver.page)

    for (const { page } of [watcher, giver]) {
      await expect.poll(() => everyone(page, 'healthcare').textContent()).toBe('62.50%')
      await expect.poll(() => everyone(page, 'education').textContent()).toBe('37.50%')
      await expect.poll(() => counts(page).textContent()).toBe('1 participant, 1 submission')
    }
    expect(await watcher.page.evaluate(() => document.body.dataset.loadedOnce)).toBe('yes')
    expect([...watcher.breaches, ...giver.breaches]).toEqual([])
    await watcher.close()
    await giver.close()
  })
})

describe('a server that goes away and comes back while somebody watches', () => {
  it('shows reconnecting, then live with the current numbers', async () => {
    const { page, breaches, close } = await visit(chromium.browser, `${there.server.origin}/aggregate`)
    await connection(page, 'live').waitFor()
    const before = await counts(page).textContent()

    await there.server.down()
    await connection(page, 'reconnecting').waitFor()
    expect(await counts(page).textContent()).toBe(before)

    await there.server.up()
    await someoneGivesAllTo(there.server, 'science')
    await connection(page, 'live').waitFor({ timeout: 18_000 })
    await expect.poll(() => counts(page).textContent()).toBe('2 participants, 2 submissions')
    await expect.poll(() => everyone(page, 'science').textContent()).toBe('50.00%')
    expect(breaches).toEqual([])
    await close()
  })

  it('tries again at once when the network returns', async () => {
    const { page, close } = await visit(chromium.browser, `${there.server.origin}/aggregate`)
    await connection(page, 'live').waitFor()
    await there.server.down()
    await connection(page, 'reconnecting').waitFor()
    await page.context().setOffline(true)
    await connection(page, 'offline').waitFor()
    // Long enough for the delays to have grown beyond the wait that follows.
    await page.waitForTimeout(3000)
    await there.server.up()
    await page.context().setOffline(false)
    await connection(page, 'live').waitFor({ timeout: 1500 })
    await close()
  })
})
