import { describe, expect, it } from 'vitest'
import { stored } from '../support/api'
import { openOnOwnServer } from './support/ownServer'
import { field, give, submit, submitted } from './support/participation'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

describe('the form', () => {
  it('keeps what was given over a reload, and forgets it once it was submitted', async () => {
    const { page } = await openOnOwnServer(chromium.browser)
    await give(page, { Healthcare: '40', Education: '12.5' })
    await page.reload()
    await expect.poll(() => field(page, 'Education').inputValue()).toBe('12.5')
    await page.getByRole('button', { name: 'Spread the rest evenly' }).click()
    await submit(page)
    await submitted(page)
    await page.reload()
    await page.getByRole('button', { name: 'Another person’s answer' }).click()
    await expect.poll(() => field(page, 'Healthcare').inputValue()).toBe('0')
  })

  it('goes one step back, by button and by key', async () => {
    const { page } = await openOnOwnServer(chromium.browser)
    await give(page, { Healthcare: '40' })
    await page.getByRole('button', { name: 'The real budget' }).click()
    expect(await field(page, 'Healthcare').inputValue()).toBe('28.18')
    await page.getByRole('button', { name: 'Undo' }).click()
    expect(await field(page, 'Healthcare').inputValue()).toBe('40')
    await page.getByRole('button', { name: 'Equal parts' }).click()
    expect(await field(page, 'Healthcare').inputValue()).toBe('10')
    await page.keyboard.press('Control+z')
    expect(await field(page, 'Healthcare').inputValue()).toBe('40')
  })

  it('says how much is too much and offers two ways out, which leave a locked line alone', async () => {
    const { page } = await openOnOwnServer(chromium.browser)
    await give(page, { Healthcare: '60', Education: '43' })
    const foot = page.locator('[data-over="true"]')
    await foot.getByText('Too much given 3%').waitFor()
    await foot.getByRole('button', { name: 'Take it off Education' }).click()
    expect(await field(page, 'Education').inputValue()).toBe('40')

    await give(page, { Education: '60' })
    await page.getByRole('button', { name: 'Lock Healthcare' }).click()
    await foot.getByRole('button', { name: 'Scale all to 100%' }).click()
    expect(await field(page, 'Healthcare').inputValue()).toBe('60')
    expect(await field(page, 'Education').inputValue()).toBe('40')
  })

  it('sets no cookie for who declines, or who chooses nothing', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    for (const decline of [true, false]) {
      await give(page, { Healthcare: decline ? '100' : '90', Education: decline ? '0' : '10' })
      if (decline) await page.getByText('No cookie', { exact: true }).click()
      await submit(page)
      await submitted(page)
      expect(await page.context().cookies()).toEqual([])
      await page.reload()
      await page.getByRole('button', { name: 'Another person’s answer' }).click()
    }
    expect(await stored(server)).toEqual({ participants: 2, submissions: 2 })
    await page.getByRole('link', { name: 'History' }).click()
    await page.getByText('Nothing here yet.').waitFor()
  })

  it('makes a receipt of an income without telling anybody', async () => {
    const { page } = await openOnOwnServer(chromium.browser)
    await page.getByRole('button', { name: 'Equal parts' }).click()
    await page.getByRole('button', { name: 'Your tax receipt' }).click()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.postData() ?? ''))
    await page.getByRole('button', { name: '$60,000' }).click()
    await page.getByText('$9,662 in taxes a year on $60,000').waitFor()
    expect(await page.getByRole('row', { name: /^Healthcare/ }).textContent()).toBe(
      'Healthcare$967$2,723$1,756 less',
    )
    expect(asked.filter((body) => body.includes('60000') || body.includes('60,000'))).toEqual([])
  })
})
