import { describe, expect, it } from 'vitest'
import { someoneGivesAllTo } from '../support/api'
import { expectNoViolations } from './support/axe'
import { openDesk } from './support/desk'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

/** Both steps with the browser's own file system in the place of the dialog, which no test can answer. */
function pickWithoutDialog(): void {
  Object.assign(window, {
    showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) =>
      (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true }),
  })
}

describe('the figures of a budget', () => {
  it('are shown by day, by category and by revision, and those of all budgets side by side', async () => {
    const { page, server } = await openDesk(chromium.browser)
    await someoneGivesAllTo(server, 'education')
    await someoneGivesAllTo(server, 'education')
    await page.getByRole('link', { name: 'How would you spend the federal budget?' }).click()
    const parts = page.getByRole('navigation', { name: 'Screens of this budget' })
    await parts.getByRole('link', { name: 'Statistics' }).click()
    await expect.poll(() => page.locator('[data-figure="participants"] dd').textContent()).toBe('2')
    expect(await page.locator('[data-figure="revised"] dd').textContent()).toBe('0')
    await page.getByRole('img', { name: '2 submissions in 30 days' }).waitFor()
    const averages = page.getByRole('region', { name: 'Averages by category' })
    await averages.getByRole('row', { name: 'Education 100%' }).waitFor()
    await expectNoViolations(page, 'statistics')
    await page.getByLabel('Time', { exact: true }).selectOption('7')
    await page.getByRole('img', { name: '2 submissions in 7 days' }).waitFor()

    const screens = page.getByRole('navigation').filter({ hasText: 'Operations' })
    await screens.getByRole('link', { name: 'Statistics' }).click()
    await page.getByRole('row', { name: 'federal 2 2 2 2' }).waitFor()
    await expectNoViolations(page, 'statistics of all budgets')
  })

  it('go to a file that says how many answers are written, and that can be cancelled', async () => {
    const { page, server } = await openDesk(chromium.browser)
    await page.addInitScript(pickWithoutDialog)
    for (let count = 0; count < 3; count += 1) await someoneGivesAllTo(server, 'education')
    await page.goto(`${server.origin}/admin/budgets/federal/answers`)
    await page.getByRole('link', { name: 'Spreadsheet (CSV)' }).click()
    await page.getByRole('status').filter({ hasText: 'Saved: 3 answers.' }).waitFor()
    const saved = await page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory()
      return (await (await folder.getFileHandle('federal-answers.csv')).getFile()).text()
    })
    expect(saved.trimEnd().split('\r\n')).toHaveLength(4)

    // The rest of a large file that never comes.
    await page.addInitScript(() => {
      const ask = window.fetch.bind(window)
      window.fetch = async (input, init) => {
        const response = await ask(input, init)
        if (!response.url.includes('.jsonl')) return response
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(new TextEncoder().encode('{}\n{}\n'))
          },
        })
        return new Response(body, { headers: response.headers })
      }
    })
    await page.reload()
    await page.getByRole('link', { name: 'For programs (JSON Lines)' }).click()
    await page.getByText('2 of 3 answers').waitFor()
    await expectNoViolations(page, 'an export')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Cancelled. Nothing was saved.').waitFor()
    const size = await page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory()
      return (await (await folder.getFileHandle('federal-answers.jsonl')).getFile()).size
    })
    expect(size).toBe(0)
  })
})
