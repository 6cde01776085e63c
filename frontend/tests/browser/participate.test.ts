import { describe, expect, it } from 'vitest'
import { stored } from '../support/api'
import { openOnOwnServer } from './support/ownServer'
import { counts, everyone, field, give, LABELS, submit, submitted } from './support/participation'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

describe('taking part', () => {
  it('works with the keyboard alone, in fewer than 60 presses', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    let presses = 0
    const press = async (key: string) => {
      presses += 1
      await page.keyboard.press(key)
    }
    await field(page, 'Healthcare').waitFor()

    await press('Tab')
    await press('Enter') // the link that skips the navigation
    for (let stop = 0; stop < 6; stop += 1) await press('Tab') // how this works, the notes, three places to start from
    for (const [index, label] of LABELS.entries()) {
      expect(await page.evaluate(() => document.activeElement?.id)).toBe(
        await field(page, label).getAttribute('id'),
      )
      await press('1')
      await press('0')
      // From the field over its slider and its lock to the next field.
      if (index < LABELS.length - 1) for (let stop = 0; stop < 3; stop += 1) await press('Tab')
    }
    await press('Enter')
    await submitted(page)
    expect(presses).toBeLessThan(60)

    await press('Tab') // from the note to its link
    await press('Enter')
    await page.waitForURL('**/results/*')
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await stored(server)).toEqual({ participants: 1, submissions: 1 })
  })

  it('is refused for a wrong sum with a clear message, and nothing is sent or stored', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    const sent: string[] = []
    page.on('request', (request) => {
      if (request.postData()?.includes('submitAllocation')) sent.push(request.url())
    })

    await give(page, { Healthcare: '60', Education: '43' })
    await submit(page)
    const note = page.getByRole('group', { name: 'Not sent yet' })
    expect(await note.textContent()).toContain('You have given 3% too much.')
    expect(await note.evaluate((element) => element === document.activeElement)).toBe(true)

    await give(page, { Healthcare: '12,5', Education: '0' })
    await submit(page)
    expect(await note.textContent()).toContain('There is 87.5% left to give.')

    await give(page, { Healthcare: '33.333' })
    await submit(page)
    expect(await note.textContent()).toContain('Healthcare')

    expect(sent).toEqual([])
    expect(await stored(server)).toEqual({ participants: 0, submissions: 0 })
  })

  it('takes one press to reach exactly 100 %', async () => {
    const { page } = await openOnOwnServer(chromium.browser)
    await give(page, { Healthcare: '33.33' })
    await page.getByRole('button', { name: 'Spread the rest evenly' }).click()
    await submit(page)
    await submitted(page)
    await expect.poll(() => everyone(page, 'healthcare').textContent()).toBe('40.00%')
    await expect.poll(() => everyone(page, 'other').textContent()).toBe('6.66%')
  })

  it('replaces the earlier answer of somebody who is remembered', async () => {
    const { page } = await openOnOwnServer(chromium.browser)
    await give(page, { Healthcare: '100' })
    await page.getByText('Remember me on this device').click()
    await submit(page)
    await submitted(page)
    await expect.poll(() => everyone(page, 'healthcare').textContent()).toBe('100.00%')

    await page.reload()
    await expect.poll(() => field(page, 'Healthcare').inputValue()).toBe('100')
    await page.getByRole('group', { name: 'Welcome back' }).waitFor()
    await give(page, { Healthcare: '25', Education: '75' })
    await page.getByRole('button', { name: 'Submit revision' }).click()
    await submitted(page)
    expect(await page.getByText('It replaces your earlier submission.').count()).toBe(1)
    await expect.poll(() => counts(page).textContent()).toBe('1 participant, 2 submissions')
    await expect.poll(() => everyone(page, 'education').textContent()).toBe('75.00%')

    await page.getByRole('link', { name: 'History' }).click()
    await expect.poll(() => page.locator('[data-counted]').allTextContents()).toHaveLength(2)
    expect(await page.locator('[data-counted="true"]').textContent()).toContain('Counts')
    expect(await page.locator('[data-counted="false"]').textContent()).toContain('Replaced')
    await page.locator('[data-counted="false"]').getByRole('link').click()
    await page.getByText('It was replaced by a later one').waitFor()
  })
})

describe('a page that does not exist', () => {
  it('helps on, for an address and for a submission', async () => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    await page.goto(`${server.origin}/nothing-here`)
    await page.getByRole('heading', { name: 'This page does not exist' }).waitFor()
    for (const id of ['1', '00000000-0000-4000-8000-000000000000', 'a%20b']) {
      await page.goto(`${server.origin}/results/${id}`)
      await page.getByRole('heading', { name: 'No such submission' }).waitFor()
    }
    await page.goto(`${server.origin}/?budget=nobody`)
    await page.getByRole('link', { name: 'How would you spend the federal budget?' }).waitFor()
  })
})
