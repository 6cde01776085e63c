import { describe, expect, it } from 'vitest'
import { changeDatabase } from './support/database'
import { openOnOwnServer } from './support/ownServer'
import { field, give, submit } from './support/participation'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

describe('a budget', () => {
  it('that is closed shows its averages and takes nothing', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await changeDatabase(
      server,
      "UPDATE budget SET status = 'closed', closes_at = '2026-01-02T03:04:05+00:00'",
    )
    await page.reload()
    await page.getByText('This budget closed on').waitFor()
    await page.getByRole('heading', { name: 'Everyone, live' }).waitFor()
    expect(await page.getByRole('button', { name: /^Submit/ }).count()).toBe(0)
  })

  it('that is not open yet says when it will be, and opens by itself', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    const opens = new Date(Date.now() + 4000).toISOString()
    await changeDatabase(server, `UPDATE budget SET opens_at = '${opens}'`)
    await page.reload()
    await page.getByText('This budget opens on').waitFor()
    expect(await field(page, 'Healthcare').count()).toBe(0)
    await field(page, 'Healthcare').waitFor()
  })

  it('that closes while somebody fills in the form says so when they submit', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await give(page, { Healthcare: '100' })
    await changeDatabase(server, "UPDATE budget SET status = 'closed'")
    await submit(page)
    await page.getByRole('group', { name: 'This budget takes no submissions now' }).waitFor()
  })

  it.each([-1, 1])(
    'that is open takes answers from a device whose clock is wrong by %d year',
    async (years) => {
      const { server, page } = await openOnOwnServer(chromium.browser)
      const day = 24 * 60 * 60 * 1000
      const [opened, closes] = [-day, day].map((from) => new Date(Date.now() + from).toISOString())
      await changeDatabase(server, `UPDATE budget SET opens_at = '${opened}', closes_at = '${closes}'`)
      const wrong = new Date()
      wrong.setFullYear(wrong.getFullYear() + years)
      await page.clock.setFixedTime(wrong)
      await page.reload()
      await field(page, 'Healthcare').waitFor()
    },
  )
})
