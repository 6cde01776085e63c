import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { TestServer } from '../support/server'
import { expectNoViolations } from './support/axe'
import { visit } from './support/browser'
import { newBudget, openDesk, PASSWORD, saved, signIn } from './support/desk'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

const question = (page: Page) => page.getByRole('textbox', { name: 'Question', exact: true })
const introduction = (page: Page) => page.getByRole('textbox', { name: 'Introduction', exact: true })

/** The same account at the same budget in another browser. */
async function second(server: TestServer, path: string): Promise<Page> {
  const { page, close } = await visit(chromium.browser, server.origin + path)
  onTestFinished(close)
  await signIn(page, 'Ada')
  await question(page).waitFor()
  return page
}

/** Ada at the editor of a new budget. */
async function oneEditor(
  options: BrowserContextOptions = {},
): Promise<{ page: Page; server: TestServer; address: string }> {
  const { page, server } = await openDesk(chromium.browser, {}, options)
  await newBudget(page, 'Our town')
  return { page, server, address: page.url() }
}

async function twoEditors(): Promise<{ ada: Page; other: Page; server: TestServer }> {
  const { page: ada, server } = await oneEditor()
  const other = await second(server, new URL(ada.url()).pathname)
  return { ada, other, server }
}

describe('nothing that is typed is lost', () => {
  it('when two organisers edit at once: each sees the change of the other', async () => {
    const { ada, other } = await twoEditors()
    await question(ada).fill('Our whole town')
    await introduction(other).fill('Figures of this year')
    await saved(ada)
    await saved(other)
    await expect.poll(() => question(other).inputValue()).toBe('Our whole town')
    await expect.poll(() => introduction(ada).inputValue()).toBe('Figures of this year')
  })

  it('when two organisers change the same field: who saves later is asked, and both texts are shown', async () => {
    const { ada, other, server } = await twoEditors()
    await other.context().setOffline(true)
    await question(other).fill('The other question')
    await other.locator('[data-state="offline"]').waitFor()
    await question(ada).fill('The question of Ada')
    await saved(ada)
    await other.context().setOffline(false)
    const conflict = other.getByRole('group', { name: 'Somebody else has changed the same' })
    await conflict.waitFor()
    await conflict.getByText('The question of Ada').waitFor()
    await conflict.getByText('The other question').waitFor()
    await expectNoViolations(other, 'conflict')
    await conflict.getByRole('button', { name: 'Keep mine' }).click()
    await saved(other)
    await expect.poll(() => question(ada).inputValue()).toBe('The other question')
    expect(server.origin).toBe(new URL(other.url()).origin)
  })

  it('when the page is opened again before a conflict is decided: both texts are shown again', async () => {
    const { ada, other } = await twoEditors()
    await other.context().setOffline(true)
    await question(other).fill('The other question')
    await other.locator('[data-state="offline"]').waitFor()
    await question(ada).fill('The question of Ada')
    await saved(ada)
    await other.context().setOffline(false)
    await other.locator('[data-state="conflict"]').waitFor()
    await other.reload()
    const conflict = other.getByRole('group', { name: 'Somebody else has changed the same' })
    await conflict.getByText('The question of Ada').waitFor()
    expect(await question(ada).inputValue()).toBe('The question of Ada')
    await conflict.getByRole('button', { name: 'Take theirs' }).click()
    await saved(other)
  })

  it('when two organisers add a category at the same time: both are there', async () => {
    const { ada, other } = await twoEditors()
    await other.context().setOffline(true)
    for (const page of [ada, other]) await page.getByRole('button', { name: 'Add a category' }).click()
    await saved(ada)
    await other.context().setOffline(false)
    for (const page of [ada, other]) {
      await saved(page)
      await expect.poll(() => page.locator('[data-category]').count()).toBe(2)
    }
  })

  it('when the address is changed by another organiser meanwhile, and the page was closed', async () => {
    const { ada, other, server } = await twoEditors()
    await other.context().setOffline(true)
    await question(other).fill('Typed without a network')
    await other.locator('[data-state="offline"]').waitFor()
    await other.goto('about:blank')
    await ada.getByRole('textbox', { name: 'Address' }).fill('town-two')
    await ada.getByRole('button', { name: 'Change the address' }).click()
    await ada.waitForURL('**/town-two/edit')
    await other.context().setOffline(false)
    await other.goto(`${server.origin}/admin/budgets/town-two/edit`)
    await saved(other)
    await expect.poll(() => question(ada).inputValue()).toBe('Typed without a network')
  })

  it('and nothing is saved under the name of the next account at the same browser', async () => {
    const { page, server } = await openDesk(chromium.browser)
    await page.getByRole('link', { name: 'Accounts' }).click()
    await page.getByLabel('Role', { exact: true }).selectOption('ORGANISER')
    await page.getByRole('button', { name: 'Make a link' }).click()
    const link = await page.getByLabel('Link of the invitation').inputValue()
    await page.getByRole('link', { name: 'Budgets' }).click()
    await newBudget(page, 'Our town')
    const address = page.url()
    await server.down()
    await question(page).fill('Typed by Ada')
    await page.locator('[data-state="offline"]').waitFor()
    await page.goto('about:blank')
    await server.up()
    await page.context().clearCookies()
    await page.goto(link)
    await page.getByRole('textbox', { name: 'Name' }).fill('Grace')
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Make the account' }).click()
    await page.getByRole('heading', { level: 1, name: 'Budgets' }).waitFor()
    await page.goto(address)
    await saved(page)
    expect(await question(page).inputValue()).toBe('Our town')
    await page.context().clearCookies()
    await page.goto(address)
    await signIn(page, 'Ada')
    await saved(page)
    expect(await question(page).inputValue()).toBe('Typed by Ada')
  })

  it('when the browser goes offline, and the page is closed and opened again meanwhile', async () => {
    const { page, server, address } = await oneEditor()
    await server.down()
    await question(page).fill('Typed without a server')
    await page.locator('[data-state="offline"]').waitFor()
    await page.goto('about:blank')
    await server.up()
    await page.goto(address)
    await saved(page)
    expect(await question(page).inputValue()).toBe('Typed without a server')
    await page.reload()
    await saved(page)
    expect(await question(page).inputValue()).toBe('Typed without a server')
  })

  it('when somebody signs out right after typing, and signs in again', async () => {
    const { page, address } = await oneEditor()
    await question(page).fill('Typed before signing out')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    await page.goto(address)
    await signIn(page, 'Ada')
    await saved(page)
    expect(await question(page).inputValue()).toBe('Typed before signing out')
  })

  it('when the session ends: a dialog signs in again over the same screen', async () => {
    const { page } = await oneEditor()
    await page.context().clearCookies()
    await question(page).fill('Typed without a session')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await expectNoViolations(page, 'signed out')
    await dialog.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await saved(page)
    await page.reload()
    await question(page).waitFor()
    expect(await question(page).inputValue()).toBe('Typed without a session')
  })
})

describe('the editor', () => {
  it('undoes and redoes what was saved, by its keys', async () => {
    const { page } = await oneEditor()
    await question(page).fill('Another town')
    await saved(page)
    await page.keyboard.press('Control+z')
    expect(await question(page).inputValue()).toBe('Our town')
    await saved(page)
    await page.keyboard.press('Control+Shift+z')
    expect(await question(page).inputValue()).toBe('Another town')
  })

  it('orders categories by dragging, by keyboard and by buttons, and the order is saved', async () => {
    const { page } = await oneEditor()
    for (const name of ['Schools', 'Roads', 'Parks']) {
      await page.getByRole('button', { name: 'Add a category' }).click()
      await page
        .locator('[data-category]')
        .last()
        .getByRole('textbox', { name: 'Name', exact: true })
        .fill(name)
    }
    const order = () => page.locator('[data-category] h3').allInnerTexts()
    const row = (name: string) => page.getByRole('row', { name })

    await row('Parks').dragTo(row('Schools'), { targetPosition: { x: 60, y: 2 } })
    await expect.poll(order).toEqual(['Parks', 'Schools', 'Roads'])

    await page.getByRole('button', { name: 'Move Parks', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(order).not.toEqual(['Parks', 'Schools', 'Roads'])

    const before = await order()
    await page.getByRole('button', { name: `Move ${before[2] ?? ''} up` }).click()
    const after = [before[0], before[2], before[1]]
    await expect.poll(order).toEqual(after)
    await saved(page)
    await page.reload()
    await page.locator('[data-category]').first().waitFor()
    expect(await order()).toEqual(after)
  })

  it('fits into a window of 390 pixels', async () => {
    const { page } = await oneEditor({ viewport: { width: 390, height: 800 } })
    await page.getByRole('button', { name: 'Add a category' }).click()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  })
})
