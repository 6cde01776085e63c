import { readFile } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { stored } from '../support/api'
import { expectNoViolations } from './support/axe'
import { visit } from './support/browser'
import { serverByCode } from './support/codes'
import { openOnOwnServer } from './support/ownServer'
import { give, submit, submitted } from './support/participation'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

async function openWithAnswer(settings: Record<string, string> = {}) {
  const own = await openOnOwnServer(chromium.browser, settings)
  await own.page.getByText('Remember me on this device').click()
  await give(own.page, { Healthcare: '100' })
  await submit(own.page)
  await submitted(own.page)
  await own.page.goto(`${own.server.origin}/history`)
  await own.page.getByText('Counts', { exact: true }).waitFor()
  return own
}

describe('who is remembered', () => {
  it('takes along a file with every answer', async () => {
    const { page } = await openWithAnswer()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download my data (JSON)' }).click(),
    ])
    const file = JSON.parse(await readFile(await download.path(), 'utf8')) as {
      answers: { shares: unknown[]; counts: boolean }[]
    }
    expect(download.suggestedFilename()).toBe('my-data.json')
    expect(file.answers).toHaveLength(1)
    expect(file.answers[0]?.shares[0]).toEqual({ category: 'Healthcare', percent: 100 })
  })

  it('erases everything by the keyboard alone, after a question that can be declined', async () => {
    const { server, page } = await openWithAnswer()
    const erase = page.getByRole('button', { name: 'Erase all my answers' })
    await erase.focus()
    await page.keyboard.press('Enter')
    const question = page.getByRole('group', { name: 'Erase all your answers?' })
    await question.waitFor()
    expect(await question.textContent()).toContain(
      'The published averages may contain an erased answer for longer',
    )
    expect(await question.evaluate((element) => element === document.activeElement)).toBe(true)
    await expectNoViolations(page, 'the question')

    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await question.waitFor({ state: 'detached' })
    expect(await erase.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await stored(server)).toEqual({ participants: 1, submissions: 1 })

    await page.keyboard.press('Enter')
    await question.waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const erased = page.getByRole('group', { name: 'Your answers are erased' })
    await erased.waitFor()
    expect(await erased.textContent()).toContain('1 answer was deleted.')
    expect(await erased.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.getByText('Nothing here yet.').waitFor()
    await expectNoViolations(page, 'erased')
    await expect.poll(() => stored(server)).toEqual({ participants: 0, submissions: 0 })
    expect(await page.context().cookies()).toEqual([])
  })
})

describe('who answered with a code', () => {
  it('erases the answer with it from any device, and a wrong code is told', async () => {
    const { server, codes } = await serverByCode(1)
    const code = codes[0] ?? ''
    const visitor = await visit(chromium.browser, `${server.origin}/#code=${code}`)
    onTestFinished(visitor.close)
    await give(visitor.page, { Healthcare: '100' })
    await submit(visitor.page)
    await submitted(visitor.page)
    const other = await visit(chromium.browser, `${server.origin}/history`)
    onTestFinished(other.close)
    const form = other.page.getByRole('region', { name: 'Erase the answer to a code' })
    await form.getByRole('textbox', { name: 'Code' }).fill('nonsense')
    await form.getByRole('button', { name: 'Erase the answer' }).click()
    await form.getByRole('group', { name: 'This code was not found' }).waitFor()
    await form.getByRole('textbox', { name: 'Code' }).fill(code)
    await form.getByRole('button', { name: 'Erase the answer' }).click()
    await form.getByText('1 answer was deleted.').waitFor()
    await expectNoViolations(other.page, 'an erased code')
    await expect.poll(() => stored(server)).toEqual({ participants: 0, submissions: 0 })
  })
})

describe('the privacy page', () => {
  it('is reached from the foot of each page and says what the settings say', async () => {
    const { page } = await openOnOwnServer(chromium.browser, {
      TAXBUDGET_OPERATOR: 'Town of Example',
      TAXBUDGET_OPERATOR_CONTACT: 'privacy@example.org',
      TAXBUDGET_PUBLISH_EVERY: '7',
    })
    await page.getByRole('contentinfo').getByRole('link', { name: 'Privacy' }).click()
    await page.getByRole('heading', { name: 'Privacy', level: 1 }).waitFor()
    await page.getByText('Town of Example').waitFor()
    await page.getByText('Contact: privacy@example.org').waitFor()
    await page.getByText('in groups of at least 7').waitFor()
    await page.getByText('All answers are kept, also those that were replaced.').waitFor()
  })

  it('has its rules beside the form too', async () => {
    const { page } = await openOnOwnServer(chromium.browser, { TAXBUDGET_SUBMISSION_RATE: '12/h' })
    const rules = page.getByRole('region', { name: 'How this works' })
    await rules.getByText('Everybody may take part. You may answer up to 12 times in 60 minutes').waitFor()
    await rules.getByText('All answers are kept, also those that were replaced.').waitFor()
  })
})
