import { describe, expect, it } from 'vitest'
import { changeDatabase } from './support/database'
import { openOnOwnServer } from './support/ownServer'
import { field, LABELS } from './support/participation'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

/** A visitor at the form of a server whose budget has these settings. */
async function openWith(settings: string) {
  const opened = await openOnOwnServer(chromium.browser)
  await changeDatabase(opened.server, `UPDATE budget SET ${settings}`)
  await opened.page.goto(`${opened.server.origin}/b/federal`)
  return opened
}

describe('a budget that is paused', () => {
  it('says so in the place of the form', async () => {
    const { page } = await openWith("paused_at = '2026-01-02T03:04:05+00:00'")
    await page.getByRole('group', { name: /^This budget is paused\./ }).waitFor()
    expect(await field(page, 'Healthcare').count()).toBe(0)
  })
})

describe('rotated categories', () => {
  it('have one order for a participant, and the order of the budget in the results', async () => {
    const { page } = await openWith("category_order = 'rotated'")
    const order = () => page.locator('[data-row] label').allTextContents()
    await field(page, 'Healthcare').waitFor()
    // A draw that does not begin with the first category.
    await page.evaluate(() => {
      sessionStorage.setItem('taxbudget:rotation:federal', '{"offset":7}')
    })
    await page.reload()
    await field(page, 'Healthcare').waitFor()
    expect(await order()).toEqual([...LABELS.slice(7), ...LABELS.slice(0, 7)])
    await page.getByRole('heading', { name: 'Everyone, live' }).scrollIntoViewIfNeeded()
    await page.locator('[data-category]').first().waitFor()
    const results = await page
      .locator('[data-category]')
      .evaluateAll((lines) => lines.map((line) => line.getAttribute('data-category')))
    expect([results[0], results.at(-1)]).toEqual(['healthcare', 'other'])
  })
})
