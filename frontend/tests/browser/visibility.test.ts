import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { someoneGivesAllTo } from '../support/api'
import { expectNoViolations } from './support/axe'
import { visit } from './support/browser'
import { changeDatabase } from './support/database'
import { openOnOwnServer } from './support/ownServer'
import { everyone, give, submit, submitted } from './support/participation'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

/** Four visits by two people. */
const FOUR_VISITS_MS = 40_000

/** A visitor at the form of a server whose budget has these settings. */
async function openWith(settings: string) {
  const opened = await openOnOwnServer(chromium.browser)
  await changeDatabase(opened.server, `UPDATE budget SET ${settings}`)
  await opened.page.goto(`${opened.server.origin}/b/federal`)
  return opened
}

function hiddenNote(page: Page) {
  return page.getByRole('group', { name: 'The averages are not shown yet' })
}

describe('results that are shown after taking part', () => {
  it(
    'appear when the visitor has answered, move live from then on, and stay hidden from others',
    async () => {
      const { server, page } = await openWith("visibility = 'after-taking-part'")
      await someoneGivesAllTo(server, 'education')
      await page.getByRole('heading', { name: 'Everyone, live' }).scrollIntoViewIfNeeded()
      await hiddenNote(page).getByText('You see them once you have taken part').waitFor()
      expect(await everyone(page, 'education').count()).toBe(0)
      await expectNoViolations(page, 'hidden results')

      await give(page, { Healthcare: '100' })
      await page.getByText('Remember me on this device', { exact: true }).click()
      await submit(page)
      await submitted(page)
      await expect.poll(() => everyone(page, 'education').textContent()).toBe('50.00%')
      await someoneGivesAllTo(server, 'education')
      await expect.poll(() => everyone(page, 'education').textContent()).toBe('66.67%')

      const other = await visit(chromium.browser, `${server.origin}/b/federal/results`)
      onTestFinished(other.close)
      await hiddenNote(other.page).waitFor()
      await other.page.goto(`${server.origin}/b/federal/projector`)
      await other.page.getByText('You see them once you have taken part').waitFor()
      expect(await other.page.locator('[data-category="education"]').textContent()).not.toContain('66')
      expect(other.breaches).toEqual([])
    },
    FOUR_VISITS_MS,
  )
})

describe('results that are shown after closing', () => {
  it('appear when the budget closes, without a reload', async () => {
    const closes = new Date(Date.now() + 8000).toISOString()
    const { server, page } = await openWith(`visibility = 'after-closing', closes_at = '${closes}'`)
    await someoneGivesAllTo(server, 'education')
    await page.goto(`${server.origin}/b/federal/results`)
    await hiddenNote(page).getByText('Everyone sees them when the budget has closed').waitFor()
    await expect.poll(() => everyone(page, 'education').textContent(), { timeout: 12_000 }).toBe('100.00%')
  })
})
