import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { ask } from '../support/api'
import { newBudget, openDesk, saved } from './support/desk'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

/** The element with the focus: its name and the beginning of its text. */
const focused = (page: Page) =>
  page.evaluate(() => `${document.activeElement?.tagName ?? ''} ${document.activeElement?.textContent ?? ''}`)

async function addCategory(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a category' }).click()
  await page.locator('[data-category]').last().getByRole('textbox', { name: 'Name', exact: true }).fill(name)
}

describe('what has the focus when a button has done its work', () => {
  it('is the heading of the screen that has come, or of the part whose button is gone', async () => {
    const { page } = await openDesk(chromium.browser)
    await expect.poll(() => focused(page)).toBe('H1 Budgets')
    await page.getByRole('link', { name: 'New budget' }).press('Enter')
    await expect.poll(() => focused(page)).toBe('H1 New budget')
    await page.getByLabel('The question').fill('Our town')
    await page.getByRole('button', { name: 'Make the draft' }).press('Enter')
    await expect.poll(() => focused(page)).toBe('H1 Our town')
    await page.getByRole('button', { name: 'Add German' }).press('Enter')
    await expect.poll(() => focused(page)).toBe('H2 Languages')
  })

  it('is what was changed, and the new state is announced', async () => {
    const { page, server } = await openDesk(chromium.browser)
    await newBudget(page, 'Our town')
    for (const name of ['Schools', 'Roads']) await addCategory(page, name)
    await saved(page)
    await page.getByRole('link', { name: 'Overview' }).click()
    expect(await page.getByRole('link', { name: 'Page for participants' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Open', exact: true }).press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Open' }).press('Enter')
    await expect.poll(() => focused(page)).toBe('H1 Our town')
    await page
      .getByRole('status')
      .filter({ hasText: /^Open$/ })
      .waitFor()
    await page.getByRole('link', { name: 'Page for participants' }).waitFor()
    await page.getByText('0 submissions in the last hour, at most 0 in a minute').waitFor()

    const { errors } = await ask(
      server,
      'mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }',
      { input: { budget: 'our-town', shares: [{ category: 'schools', percent: 100 }] } },
    )
    expect(errors).toBeUndefined()
    await page.getByRole('link', { name: 'Answers' }).click()
    await page.getByRole('button', { name: 'Exclude' }).press('Enter')
    await page.getByRole('textbox', { name: 'Reason' }).fill('A trial')
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page)).toMatch(/^TR .*Excluded A trial/)
  })
})

describe('an organiser who reads nothing', () => {
  it('is told why no averages are shown yet, and where to change it', async () => {
    const { page } = await openDesk(chromium.browser)
    await newBudget(page, 'Our town')
    for (const name of ['Schools', 'Roads']) await addCategory(page, name)
    await saved(page)
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByText('New averages are shown when 10 answers or more have come in').waitFor()
    await page.getByRole('link', { name: 'Change the number' }).click()
    const number = page.getByRole('textbox', { name: 'New averages after so many answers' })
    await expect.poll(() => number.evaluate((field) => field === document.activeElement)).toBe(true)
    await number.fill('1')
    await saved(page)
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByText('This budget can be opened').waitFor()
    expect(await page.getByText('New averages are shown when').count()).toBe(0)
  })

  it('reads problems in the language of the page, with the name of the field', async () => {
    const { page } = await openDesk(chromium.browser)
    await newBudget(page, 'Our town')
    await page.getByRole('button', { name: 'Add a category' }).click()
    await saved(page)
    await page.getByLabel('Language', { exact: true }).first().selectOption('de')
    await page.getByRole('link', { name: 'Posten 1, Name: Das fehlt.' }).click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Schulen')
    await page.getByRole('textbox', { name: 'Währung' }).fill('E')
    await page.getByText('Währung: Das ist keine Währung aus drei Buchstaben wie USD oder EUR.').waitFor()
    await page.getByRole('textbox', { name: 'Währung' }).fill('EUR')
    await saved(page)
    await page.getByRole('link', { name: 'Protokoll', exact: true }).last().click()
    await page.getByRole('cell', { name: 'Haushalt bearbeitet' }).first().waitFor()
    await page.getByRole('combobox', { name: 'Aktion' }).selectOption('Haushalt angelegt')
    await page.getByRole('button', { name: 'Filtern' }).click()
    await page.getByRole('cell', { name: 'Haushalt bearbeitet' }).first().waitFor({ state: 'detached' })
    expect(await page.getByRole('cell', { name: 'Haushalt angelegt' }).count()).toBe(1)
  })
})
