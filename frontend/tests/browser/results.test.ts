import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { someoneGivesAllTo } from '../support/api'
import { visit } from './support/browser'
import { connection, counts, everyone } from './support/participation'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer(async (server) => {
  await someoneGivesAllTo(server, 'education')
  await someoneGivesAllTo(server, 'science')
})

async function watch(before: (page: Page) => Promise<void> = () => Promise.resolve()) {
  const visitor = await visit(chromium.browser, `${there.server.origin}/aggregate`, {}, before)
  await everyone(visitor.page, 'science').waitFor()
  return visitor
}

describe('the results', () => {
  it('can be read as a table, sorted, one press away', async () => {
    const { page, close } = await watch()
    await page.getByLabel('Sort by').selectOption('size')
    await expect
      .poll(() => page.locator('[data-category]').first().getAttribute('data-category'))
      .toBe('education')
    await page.getByRole('radio', { name: 'Table' }).click()
    expect(await page.getByRole('row', { name: /^Science/ }).textContent()).toBe(
      'Science & Research50.00%0.60%+49.40',
    )
    await close()
  })

  it('open a line to how its answers are spread', async () => {
    const { page, close } = await watch()
    await page.getByRole('button', { name: 'Science & Research' }).click()
    await page.getByText('Half give 50% or less.').waitFor()
    await page.getByText('1 (50%) give nothing.').waitFor()
    expect(
      await page.getByRole('list', { name: 'How many give how much' }).getByRole('listitem').count(),
    ).toBe(20)
    await close()
  })

  it('stand still while paused and then show the newest', async () => {
    const { page, close } = await watch()
    await connection(page, 'live').waitFor()
    const before = await counts(page).textContent()
    await page.getByRole('button', { name: 'Pause' }).click()
    await someoneGivesAllTo(there.server, 'education')
    await page.getByText(/^Paused at .*, 1 newer update$/).waitFor()
    expect(await counts(page).textContent()).toBe(before)
    await page.getByRole('button', { name: 'Pause' }).click()
    await expect.poll(() => counts(page).textContent()).toBe('3 participants, 3 submissions')
    await close()
  })

  it('can be taken away as numbers and as a picture', async () => {
    const { page, breaches, close } = await watch()
    const take = async (press: () => Promise<void>) => {
      const [download] = await Promise.all([page.waitForEvent('download'), press()])
      return readFile(await download.path())
    }
    const link = (name: string) => page.getByRole('link', { name, exact: true }).click()
    const button = (name: string) => page.getByRole('button', { name }).click()
    const csv = (await take(() => button('CSV'))).toString()
    expect(csv.split('\r\n')[0]).toBe(
      '\ufeffkey,label,average_percent,median_percent,lower_quartile_percent,upper_quartile_percent,standard_deviation,zero_count,actual_percent',
    )
    expect(csv).toMatch(/\r\nscience,Science & Research,\d+\.\d\d,/)
    expect(JSON.parse((await take(() => link('JSON'))).toString())).toMatchObject({ slug: 'federal' })
    const svg = (await take(() => button('Chart (SVG)'))).toString()
    expect(svg).toContain('How would you spend the federal budget?')
    expect(svg).toContain('Science &#38; Research')
    const png = await take(() => button('Chart (PNG)'))
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(png.length).toBeGreaterThan(10_000)
    expect(breaches).toEqual([])
    await close()
  })
})

describe('where live connections are blocked', () => {
  it('server-sent events take the place of WebSockets', async () => {
    const { page, close } = await watch((blank) => blank.routeWebSocket(/.*/, (socket) => socket.close()))
    await connection(page, 'live').waitFor()
    const before = await everyone(page, 'education').textContent()
    await someoneGivesAllTo(there.server, 'education')
    await expect.poll(() => everyone(page, 'education').textContent(), { timeout: 3000 }).not.toBe(before)
    await close()
  })

  it('the page asks again and again, and says so', async () => {
    const { page, close } = await watch(async (blank) => {
      await blank.routeWebSocket(/.*/, (socket) => socket.close())
      await blank.route('**/graphql/stream**', (route) => route.abort())
    })
    await connection(page, 'polling').waitFor()
    await page.getByText('Live connections are blocked here').waitFor()
    const before = await everyone(page, 'education').textContent()
    await someoneGivesAllTo(there.server, 'education')
    await expect.poll(() => everyone(page, 'education').textContent(), { timeout: 9000 }).not.toBe(before)
    await close()
  })
})
