import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { PageOperation } from '../../operationList'
import { visit } from './support/browser'
import { addBudget } from './support/budgets'
import { serverByCode } from './support/codes'
import { connection, everyone, field, give, submit, submitted } from './support/participation'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer()

/** The texts of all operations that a page sends, by whatever way. */
function recordSent(page: Page, sent: Set<string>): void {
  const add = (request: { readonly query?: string }) => {
    if (request.query !== undefined) sent.add(request.query)
  }
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url())
    if (!pathname.startsWith('/graphql')) return
    const query = searchParams.get('query')
    if (query !== null) add({ query })
    const body = request.postData()
    if (body !== null) add(JSON.parse(body) as { query: string })
  })
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const message = JSON.parse(String(payload)) as { payload?: { query: string } }
      if (message.payload) add(message.payload)
    })
  })
}

it('all that the page sends, by every way, stands in operations.json, and all of that file is sent', async () => {
  const sent = new Set<string>()
  const open = (path: string, blocked: (page: Page) => Promise<void> = () => Promise.resolve()) =>
    visit(chromium.browser, `${there.server.origin}${path}`, {}, async (page) => {
      recordSent(page, sent)
      await blocked(page)
    })

  const participant = await open('/')
  await give(participant.page, { Healthcare: '50', Education: '50' })
  await participant.page.getByText('Remember me on this device').click()
  await submit(participant.page)
  await submitted(participant.page)
  await participant.page.getByRole('link', { name: 'History' }).click()
  await participant.page.locator('[data-counted="true"]').getByRole('link', { name: 'Result' }).click()
  await participant.page.waitForURL('**/results/*')
  await everyone(participant.page, 'healthcare').waitFor()

  const watcher = await open('/aggregate')
  await connection(watcher.page, 'live').waitFor()
  await watcher.page.getByRole('button', { name: 'Education' }).click()
  await watcher.page.getByText('Half give').waitFor()
  await watcher.close()

  const withoutSockets = await open('/aggregate', (page) =>
    page.routeWebSocket(/.*/, (socket) => socket.close()),
  )
  await connection(withoutSockets.page, 'live').waitFor()
  await withoutSockets.close()

  const polling = await open('/aggregate', async (page) => {
    await page.routeWebSocket(/.*/, (socket) => socket.close())
    await page.route('**/graphql/stream**', (route) => route.abort())
  })
  await connection(polling.page, 'polling').waitFor()
  await polling.close()

  const framed = await open('/embed/federal')
  await connection(framed.page, 'live').waitFor()
  await framed.close()
  const framedPolling = await open('/embed/federal', async (page) => {
    await page.routeWebSocket(/.*/, (socket) => socket.close())
    await page.route('**/graphql/stream**', (route) => route.abort())
  })
  await connection(framedPolling.page, 'polling').waitFor()
  await framedPolling.close()

  // Last, because the others watch the answer.
  await participant.page.getByRole('link', { name: 'Privacy' }).click()
  await participant.page.getByRole('heading', { name: 'Who runs this server' }).waitFor()
  await participant.page.getByRole('link', { name: 'To my answers' }).click()
  await participant.page.getByRole('button', { name: 'Erase all my answers' }).click()
  await participant.page.getByRole('button', { name: 'Erase them now' }).click()
  await participant.page.getByRole('group', { name: 'Your answers are erased' }).waitFor()
  await participant.close()

  const { server, codes } = await serverByCode(1)
  const invited = await visit(chromium.browser, `${server.origin}/#code=${codes[0] ?? ''}`, {}, (page) => {
    recordSent(page, sent)
    return Promise.resolve()
  })
  await field(invited.page, 'Healthcare').waitFor()
  await invited.close()

  await addBudget(server, { slug: 'town', title: 'Town' })
  const chooser = await visit(chromium.browser, `${server.origin}/`, {}, (page) => {
    recordSent(page, sent)
    return Promise.resolve()
  })
  await chooser.page.locator('[data-budget="town"]').waitFor()
  await chooser.close()

  const file = join(import.meta.dirname, '../../operations.json')
  const known = JSON.parse(await readFile(file, 'utf8')) as PageOperation[]
  expect([...sent].toSorted()).toEqual(known.map(({ document }) => document).toSorted())
})
