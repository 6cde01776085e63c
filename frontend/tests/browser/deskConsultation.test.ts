import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask } from '../support/api'
import { TestServer } from '../support/server'
import { expectNoViolations } from './support/axe'
import { visit } from './support/browser'
import { PASSWORD, saved } from './support/desk'
import { keyboard, mouse, type Hands } from './support/hands'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

const TITLE = 'How should our town spend its money?'
const SLUG = 'how-should-our-town-spend-its-money'
/** The categories in English and German. */
const CATEGORIES = [
  ['Schools', 'Schulen'],
  ['Roads', 'Straßen'],
  ['Parks', 'Parks'],
  ['Culture', 'Kultur'],
  ['Sports', 'Sport'],
  ['Buses', 'Busse'],
  ['Fire brigade', 'Feuerwehr'],
  ['Town hall', 'Rathaus'],
] as const

describe('a new organiser runs a consultation from the first link to the results', () => {
  it('by mouse', () => consult(mouse), 120_000)
  it('by keyboard alone', () => consult(keyboard), 240_000)
})

async function consult(handsOf: (page: Page) => Hands): Promise<void> {
  const server = await TestServer.start()
  onTestFinished(() => server.remove())
  const { page, breaches, close } = await visit(chromium.browser, server.invitation)
  onTestFinished(async () => {
    await close()
    expect(breaches).toEqual([])
  })
  const { press, type } = handsOf(page)
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const link = (name: string) => page.getByRole('link', { name, exact: true })
  const field = (name: string) => page.getByRole('textbox', { name, exact: true })
  const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true })

  await type(field('Name'), 'Ada')
  await type(field('Password'), PASSWORD)
  await press(button('Make the account'))

  await press(link('New budget'))
  await type(field('The question'), TITLE)
  await press(button('Make the draft'))
  await page.getByRole('heading', { name: 'Categories' }).waitFor()
  await press(button('Add German'))
  await type(field('Question, German'), 'Wofür soll unsere Stadt ihr Geld ausgeben?')
  for (const [index, [english, german]] of CATEGORIES.entries()) {
    await press(button('Add a category'))
    const card = page.locator('[data-category]').nth(index)
    await type(card.getByRole('textbox', { name: 'Name, English' }), english)
    await type(card.getByRole('textbox', { name: 'Name, German' }), german)
  }
  await type(field('New averages after so many answers'), '1')
  await saved(page)
  await expectNoViolations(page, 'editor')

  await press(link('Overview'))
  await page.getByText('This budget can be opened').waitFor()
  await press(button('Open'))
  await press(confirm('Open'))
  await page.locator('[data-state="OPEN"]').waitFor()
  await page.getByRole('heading', { name: 'Averages' }).waitFor()

  const opening = page.context().waitForEvent('page')
  await press(link('Projector view'))
  const projector = await opening
  await projector.getByText(TITLE).waitFor()
  await answer(server, 'schools')
  await projector.getByText('1 participant', { exact: false }).waitFor()
  await answer(server, 'roads')
  await projector.getByText('2 participants', { exact: false }).waitFor()
  await projector.close()
  await page.locator('[data-figure="participants"] dd').filter({ hasText: '2' }).waitFor()
  await page
    .locator('[data-category="schools"] [data-figure="everyone"] dd')
    .filter({ hasText: '50' })
    .waitFor()
  await expectNoViolations(page, 'overview')

  await press(link('Answers'))
  await page.getByRole('row').filter({ hasText: 'Roads 100%' }).waitFor()
  await expectNoViolations(page, 'answers')
  const exclude = page
    .getByRole('row')
    .filter({ hasText: 'Roads 100%' })
    .getByRole('button', { name: 'Exclude' })
  const wide = page.viewportSize()
  await page.setViewportSize({ width: 390, height: 800 })
  const onPhone = await exclude.boundingBox()
  expect((onPhone?.x ?? 390) + (onPhone?.width ?? 0)).toBeLessThanOrEqual(390)
  if (wide) await page.setViewportSize(wide)
  await press(exclude)
  await type(page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }), 'Sent by a script')
  await press(confirm('Exclude'))
  await button('Undo the exclusion').waitFor()
  const { page: participant, close: leave } = await visit(
    chromium.browser,
    `${server.origin}/b/${SLUG}/results`,
  )
  await participant.getByText('Sent by a script', { exact: false }).waitFor()
  await leave()

  await press(link('Overview'))
  await page
    .locator('[data-category="schools"] [data-figure="everyone"] dd')
    .filter({ hasText: '100' })
    .waitFor()
  await press(button('Close'))
  await press(confirm('Close'))
  await page.locator('[data-state="CLOSED"]').waitFor()

  await press(link('Answers'))
  // The link itself downloads where a page may not write a file. Nobody could choose a file here.
  await page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  const downloading = page.waitForEvent('download')
  await press(link('Spreadsheet (CSV)'))
  const csv = await readFile(await (await downloading).path(), 'utf8')
  expect(csv.trim().split('\n')).toHaveLength(3)

  await press(link('Log'))
  await page.getByRole('cell', { name: /exclu/i }).first().waitFor()
  await expectNoViolations(page, 'log of the budget')
}

async function answer(server: TestServer, category: string): Promise<void> {
  const { errors } = await ask(
    server,
    'mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }',
    { input: { budget: SLUG, shares: [{ category, percent: 100 }], remember: false } },
  )
  if (errors) throw new Error(JSON.stringify(errors))
}
