import { createHmac } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectNoViolations } from './support/axe'
import { visit } from './support/browser'
import { newBudget, openDesk, PASSWORD, saved, signIn } from './support/desk'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

describe('at the desk', () => {
  it('the link of the first start makes the owner, once, and the owner signs out and in again', async () => {
    const { page, server } = await openDesk(chromium.browser)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    await expectNoViolations(page, 'sign in')
    await page.getByRole('textbox', { name: 'Name' }).fill('Ada')
    await page.getByRole('textbox', { name: 'Password' }).fill('not this one at all')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page
      .getByRole('group')
      .filter({ hasText: /password/i })
      .waitFor()
    await signIn(page, 'Ada')
    await page.getByRole('link', { name: 'Ada' }).waitFor()
    await page.goto(server.invitation)
    await page.getByRole('heading', { level: 1, name: 'This link does not work any more' }).waitFor()
    await expectNoViolations(page, 'used invitation')
  })

  it('an owner invites somebody by a link, who then works with the role that it gives', async () => {
    const { page } = await openDesk(chromium.browser)
    await page.getByRole('link', { name: 'Accounts' }).click()
    await page.getByRole('heading', { name: 'Invite somebody' }).waitFor()
    await expectNoViolations(page, 'accounts')
    await page.getByLabel('Role', { exact: true }).selectOption('VIEWER')
    await page.getByRole('button', { name: 'Make a link' }).click()
    const link = await page.getByLabel('Link of the invitation').inputValue()

    const { page: guest, close } = await visit(chromium.browser, link)
    onTestFinished(close)
    await guest.getByText('Ada invites you').waitFor()
    await expectNoViolations(guest, 'invitation')
    await guest.getByRole('textbox', { name: 'Name' }).fill('Grace')
    await guest.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await guest.getByRole('button', { name: 'Make the account' }).click()
    await guest.getByRole('heading', { level: 1, name: 'Budgets' }).waitFor()
    expect(await guest.getByRole('link', { name: 'New budget' }).count()).toBe(0)
    expect(await guest.getByRole('link', { name: 'Accounts' }).count()).toBe(0)

    await page.reload()
    await page.getByLabel('Role of Grace').waitFor()
    await page.getByRole('row').filter({ hasText: 'Grace' }).getByRole('button', { name: 'Disable' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
    await page.getByText('Disabled').waitFor()
    await guest.reload()
    await guest.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  })

  it('an owner of one budget sees who works on it and gives roles in it', async () => {
    const { page, server } = await openDesk(chromium.browser)
    const invite = async (role: string) => {
      await page.goto(`${server.origin}/admin/budgets/federal/people`)
      await page.getByLabel('Role', { exact: true }).selectOption(role)
      await page.getByRole('button', { name: 'Make a link' }).click()
      return page.getByLabel('Link of the invitation').inputValue()
    }
    const accept = async (link: string, name: string) => {
      const { page: guest, close } = await visit(chromium.browser, link)
      onTestFinished(close)
      await guest.getByRole('textbox', { name: 'Name' }).fill(name)
      await guest.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
      await guest.getByRole('button', { name: 'Make the account' }).click()
      await guest.getByRole('heading', { level: 1, name: 'Budgets' }).waitFor()
      return guest
    }
    await accept(await invite('VIEWER'), 'Carol')
    const bob = await accept(await invite('OWNER'), 'Bob')
    await bob.goto(`${server.origin}/admin/budgets/federal/people`)
    await bob.getByLabel('Role of Carol').selectOption('ORGANISER')
    await expect.poll(() => bob.getByLabel('Role of Carol').inputValue()).toBe('ORGANISER')
    await bob.reload()
    await expect.poll(() => bob.getByLabel('Role of Carol').inputValue()).toBe('ORGANISER')
    expect(await bob.getByLabel('Role of Bob').inputValue()).toBe('OWNER')
    expect(await bob.getByLabel('Role of Ada').count()).toBe(0)
    await expectNoViolations(bob, 'people of a budget')
  })

  it('a second factor is set up by its secret and asked for after the password', async () => {
    const { page } = await openDesk(chromium.browser)
    await page.getByRole('link', { name: 'Ada' }).click()
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Set it up' }).click()
    const secret = await page.locator('code').innerText()
    await expectNoViolations(page, 'own account')
    await page.getByLabel('Code of your second factor').fill(totp(secret, 0))
    await page.getByRole('button', { name: 'Turn it on' }).click()
    await page.getByText('The second factor is on.').waitFor()

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    await signIn(page, 'Ada')
    // A code works once, so the next step's is taken, which the server accepts too.
    await page.getByLabel('Code of your second factor').fill(totp(secret, 1))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Budgets' }).waitFor()
  })

  it('the audit log shows who changed what, with the text before and after', async () => {
    const { page } = await openDesk(chromium.browser)
    await newBudget(page, 'Our town')
    await page.getByRole('textbox', { name: 'Question', exact: true }).fill('Another town')
    await saved(page)
    await page.getByRole('link', { name: 'Audit log' }).click()
    const change = page.getByRole('row').filter({ hasText: 'Budget edited' })
    await change.getByRole('cell', { name: 'Ada' }).waitFor()
    await change.locator('del').getByText('Our town').waitFor()
    await change.locator('ins').getByText('Another town').waitFor()
    await expectNoViolations(page, 'audit log')
  })
})

/** The code of RFC 6238 for a secret in Base32, now or some steps later. */
function totp(secret: string, later: number): string {
  const bits = Array.from(secret.replace(/[\s=]/g, ''))
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => parseInt(byte, 2)) ?? [])
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later))
  const hash = createHmac('sha1', key).update(step).digest()
  const offset = (hash[19] ?? 0) & 0xf
  return String((hash.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}
