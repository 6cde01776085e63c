import { describe, expect, it } from 'vitest'
import { stored } from '../support/api'
import { expectNoViolations } from './support/axe'
import { openDesk, saved } from './support/desk'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

describe('an organiser', () => {
  it('begins with a template, schedules it by a clock elsewhere, and shares it', async () => {
    const { page } = await openDesk(chromium.browser, {}, { timezoneId: 'Asia/Tokyo' })
    await page.getByRole('link', { name: 'New budget' }).click()
    await page.getByRole('radio', { name: /A template/ }).check()
    await page.getByRole('combobox', { name: 'A template' }).waitFor()
    await expectNoViolations(page, 'new budget')
    await page.getByRole('button', { name: 'Make the draft' }).click()
    await saved(page)

    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByLabel('Opens', { exact: true }).fill('2031-07-01T09:00')
    await page.getByLabel('Time zone of these times').selectOption('Europe/Berlin')
    await page.getByRole('button', { name: 'Save the schedule' }).click()
    await page.getByText('Scheduled', { exact: true }).waitFor()
    await page.getByText('In your time zone (Asia/Tokyo): July 1, 2031 at 16:00').waitFor()
    await expectNoViolations(page, 'scheduled')

    await page.getByRole('link', { name: 'Share' }).click()
    await page.getByRole('img', { name: /^QR code of http/ }).waitFor()
    await expect.poll(() => page.getByLabel('Text for a post').inputValue()).toContain('/b/')
    await expectNoViolations(page, 'share')
  })

  it('is told in which line a file is wrong', async () => {
    const { page } = await openDesk(chromium.browser)
    await page.getByRole('link', { name: 'New budget' }).click()
    await page.getByRole('radio', { name: /A file/ }).check()
    await page
      .getByLabel('Content of the file')
      .fill('slug: town\ntitle: Town\nlanguage: en\ncurrency: EUR\nsurprise: 1\n')
    await page.getByRole('button', { name: 'Make the draft' }).click()
    await page
      .getByRole('group')
      .filter({ hasText: /line 5/ })
      .first()
      .waitFor()
  })

  it('previews the form in another language on a phone, and nothing is counted', async () => {
    const { page, server } = await openDesk(chromium.browser)
    await page.getByRole('link', { name: 'How would you spend the federal budget?' }).click()
    await page.getByRole('link', { name: 'Preview' }).click()
    await page.getByLabel('Language', { exact: true }).last().selectOption('de')
    const form = page.frameLocator('iframe')
    await form.getByRole('textbox', { name: 'Gesundheit', exact: true }).fill('100')
    await form.getByRole('button', { name: /^Absenden/ }).click()
    await form.getByRole('group', { name: /^Die Antwort ist vollständig/ }).waitFor()
    expect(await stored(server)).toEqual({ participants: 0, submissions: 0 })
  })

  it('sees the nodes, and a verification that ends without drift', async () => {
    const { page } = await openDesk(chromium.browser)
    await page.getByRole('link', { name: 'Operations' }).click()
    await page.getByText('Database (', { exact: false }).waitFor()
    await page.getByRole('button', { name: 'Verify the averages' }).click()
    await page.getByText('done', { exact: true }).waitFor()
    await expectNoViolations(page, 'operations')
  })
})
