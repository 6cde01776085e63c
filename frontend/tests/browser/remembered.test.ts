import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { stored } from '../support/api'
import { openOnOwnServer } from './support/ownServer'
import { counts, everyone, field, give, submit, submitted } from './support/participation'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

/** As a browser that blocks cookies: none is kept from any answer. */
async function keepNoCookies(page: Page): Promise<void> {
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch()
    const headers = Object.entries(response.headers()).filter(([name]) => name !== 'set-cookie')
    // What the fetch above took along lies in the browser's own jar.
    await page.context().clearCookies()
    await route.fulfill({ response, headers: Object.fromEntries(headers) })
  })
}

async function giveAllTo(page: Page, label: string): Promise<void> {
  await give(page, { [label]: '100' })
  await submit(page)
  await submitted(page)
}

describe('who wanted to be remembered by a browser that keeps no cookie', () => {
  it('is told that the answer stands, and another is an act of its own', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await keepNoCookies(page)
    await page.getByText('Remember me on this device').click()
    await giveAllTo(page, 'Healthcare')
    await page.getByText('This browser kept no cookie, so it cannot be changed later.').waitFor()
    expect(await page.getByRole('button', { name: 'Change my answer' }).count()).toBe(0)

    await page.getByRole('button', { name: 'Another person’s answer' }).click()
    expect(await field(page, 'Healthcare').inputValue()).toBe('0')
    await page.getByRole('button', { name: 'Submit', exact: true }).waitFor()
    // The question is asked again: nobody is remembered.
    await page.getByText('May this browser remember you?').waitFor()
    expect(await page.getByRole('button', { name: 'Submit revision' }).count()).toBe(0)
    await expect.poll(() => stored(server)).toEqual({ participants: 1, submissions: 1 })
  })

  it('is promised nothing where the server does not say whether the cookie was kept', async () => {
    const { page } = await openOnOwnServer(chromium.browser)
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('query WhoAmI') ? route.abort() : route.continue(),
    )
    await page.getByText('Remember me on this device').click()
    await giveAllTo(page, 'Healthcare')
    await page.getByText('Whether this browser kept the cookie could not be checked.').waitFor()
    expect(await page.getByText('You can change it from this browser').count()).toBe(0)

    await page.reload()
    await page.getByRole('group', { name: 'Welcome back' }).waitFor()
  })
})

describe('who is remembered', () => {
  it('comes back to the answer by an act of its own, and revises it', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await page.getByText('Remember me on this device').click()
    await giveAllTo(page, 'Healthcare')
    expect(await page.getByRole('button', { name: /^Submit/ }).count()).toBe(0)

    await page.getByRole('button', { name: 'Change my answer' }).click()
    expect(await field(page, 'Healthcare').inputValue()).toBe('100')
    await give(page, { Healthcare: '0', Education: '100' })
    await page.getByRole('button', { name: 'Submit revision' }).click()
    await page.getByText('It replaces your earlier submission.').waitFor()
    await expect.poll(() => stored(server)).toEqual({ participants: 1, submissions: 2 })
  })
})

describe('who has answered without a cookie', () => {
  it('sees the result instead of the form, also after a reload', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await giveAllTo(page, 'Healthcare')
    expect(await field(page, 'Healthcare').count()).toBe(0)
    await everyone(page, 'healthcare').waitFor()

    await page.reload()
    await page.getByRole('group', { name: 'You have answered already' }).waitFor()
    expect(await field(page, 'Healthcare').count()).toBe(0)
    await expect
      .poll(() => page.locator('[data-category="healthcare"] [data-figure="mine"] dd').textContent())
      .toBe('100.00%')
    await page.getByRole('link', { name: 'Your result, with a link to share' }).click()
    await page.getByRole('heading', { name: /^An answer to/ }).waitFor()
    await expect.poll(() => stored(server)).toEqual({ participants: 1, submissions: 1 })
  })

  it('may hand the device to another person, whose equal answer counts as well', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await giveAllTo(page, 'Healthcare')
    await page.getByRole('button', { name: 'Another person’s answer' }).click()
    expect(await page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true)
    await giveAllTo(page, 'Healthcare')
    await expect.poll(() => counts(page).textContent()).toBe('2 participants, 2 submissions')

    await page.reload()
    await page.getByRole('button', { name: 'Another person’s answer' }).click()
    await giveAllTo(page, 'Education')
    await expect.poll(() => stored(server)).toEqual({ participants: 3, submissions: 3 })
  })
})
