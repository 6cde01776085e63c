import { onTestFinished, describe, expect, it } from 'vitest'
import { stored } from '../support/api'
import { expectNoViolations } from './support/axe'
import { visit } from './support/browser'
import { serverByCode } from './support/codes'
import { everyone, field, give, submit, submitted } from './support/participation'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

async function open(address: string) {
  const visitor = await visit(chromium.browser, address)
  onTestFinished(async () => {
    await visitor.close()
    expect(visitor.breaches).toEqual([])
  })
  return visitor.page
}

describe('a person with a code', () => {
  it('takes part by the link, and revises on another device with the code typed by hand', async () => {
    const { server, codes } = await serverByCode(1)
    const [code = ''] = codes
    const sent: string[] = []
    const page = await open(`${server.origin}/nothing-yet`)
    page.on('request', (request) => sent.push(request.url()))
    await page.goto(`${server.origin}/b/federal#code=${code}`)
    await page.getByRole('group', { name: 'Your code is accepted' }).waitFor()
    expect(page.url()).toBe(`${server.origin}/b/federal`)
    expect(sent.filter((url) => url.includes(code))).toEqual([])
    // A cookie plays no role, so nobody is asked about one.
    expect(await page.getByText('May this browser remember you?').count()).toBe(0)
    await give(page, { Healthcare: '100' })
    await submit(page)
    await submitted(page)
    await page.getByText('You can change it with your code from any device').waitFor()
    expect(await page.context().cookies()).toEqual([])

    const other = await open(`${server.origin}/b/federal`)
    expect(await field(other, 'Healthcare').count()).toBe(0)
    await other.getByText('Everyone who received a code may take part.', { exact: false }).waitFor()
    await expectNoViolations(other, 'the question for the code')
    await other.getByRole('textbox', { name: 'Your code' }).fill(code.toLowerCase().replaceAll('-', ' '))
    await other.keyboard.press('Enter')
    const accepted = other.getByRole('group', { name: 'Your code is accepted' })
    await accepted.waitFor()
    expect(await accepted.evaluate((element) => element === document.activeElement)).toBe(true)
    // A code alone is not enough to read an answer.
    const welcome = other.getByRole('group', { name: 'Welcome back' })
    expect(await welcome.textContent()).toContain('It is not shown here')
    expect(await field(other, 'Healthcare').inputValue()).toBe('0')
    await expectNoViolations(other, 'the form of a person with a code')
    await give(other, { Healthcare: '25', Education: '75' })
    await other.getByRole('button', { name: 'Submit revision' }).click()
    await submitted(other)
    await other.getByText('It replaces your earlier submission.').waitFor()
    await expect.poll(() => everyone(other, 'education').textContent()).toBe('75.00%')
    expect(await stored(server)).toEqual({ participants: 1, submissions: 2 })

    // The tab that gave an answer keeps the code and the answer for a reload.
    await other.reload()
    expect(await welcome.textContent()).toContain('Below is the answer that you gave in this tab.')
    expect(await field(other, 'Education').inputValue()).toBe('75')
  })

  it('is told a typo from an unknown code, beside the field, and may paste the whole link', async () => {
    const { server, codes } = await serverByCode(1)
    const page = await open(`${server.origin}/`)
    const input = page.getByRole('textbox', { name: 'Your code' })
    const enter = page.getByRole('button', { name: 'Continue' })
    await input.fill('2345')
    await enter.click()
    await page.getByText('This is not a code.', { exact: false }).waitFor()
    expect(await input.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await input.getAttribute('aria-invalid')).toBe('true')
    await expectNoViolations(page, 'a mistyped code')
    await input.fill('923JV-RP328-CDYC4')
    await enter.click()
    await page.getByText('There is no such code for this budget.', { exact: false }).waitFor()
    await input.fill(`${server.origin}/b/federal#code=${codes[0] ?? ''}`)
    await enter.click()
    await field(page, 'Healthcare').waitFor()
  })
})

describe('two people at one device', () => {
  it('take part one after the other, and neither sees the answer of the other', async () => {
    const { server, codes } = await serverByCode(3)
    const page = await open(`${server.origin}/#code=${codes[0] ?? ''}`)
    await field(page, 'Healthcare').waitFor()
    await give(page, { Healthcare: '100' })
    await submit(page)
    await submitted(page)
    await page.getByRole('button', { name: 'Another person’s answer' }).click()
    await page.getByRole('textbox', { name: 'Your code' }).fill(codes[1] ?? '')
    await page.keyboard.press('Enter')
    await field(page, 'Healthcare').waitFor()
    expect(await field(page, 'Healthcare').inputValue()).toBe('0')
    await give(page, { Education: '100' })

    // A link that is opened in the same tab is another person's too.
    await page.evaluate((code) => (window.location.hash = `code=${code}`), codes[2] ?? '')
    await expect.poll(() => field(page, 'Education').inputValue()).toBe('0')
    await give(page, { 'Defense & Military': '100' })
    await submit(page)
    await submitted(page)
    await expect.poll(() => stored(server)).toEqual({ participants: 2, submissions: 2 })
  })
})
