import { describe, expect, it, onTestFinished } from 'vitest'
import { stored } from '../support/api'
import { expectNoViolations } from './support/axe'
import { visit } from './support/browser'
import { openDesk, saved } from './support/desk'
import { give, submit } from './support/participation'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer()

async function preview(slug: string) {
  const { page, breaches, close } = await visit(
    chromium.browser,
    `${there.server.origin}/b/${slug}?preview=1`,
  )
  onTestFinished(async () => {
    await close()
    expect(breaches).toEqual([])
  })
  return page
}

describe('the preview of a form', () => {
  it('says what it is, checks an answer, and sends and keeps nothing', async () => {
    const page = await preview('federal')
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.postData() ?? ''))
    await page.getByRole('group', { name: 'Preview: nothing is counted' }).waitFor()
    await give(page, { Healthcare: '60' })
    await submit(page)
    await page.getByText('The lines must add up to 100%.').first().waitFor()
    await give(page, { Education: '40' })
    await submit(page)
    await page.getByRole('group', { name: /^The answer is complete/ }).waitFor()
    await expectNoViolations(page, 'preview')
    expect(asked.filter((body) => body.includes('submitAllocation'))).toEqual([])
    expect(await stored(there.server)).toEqual({ participants: 0, submissions: 0 })
    expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([])
  })

  it('shows no draft to somebody who is not signed in', async () => {
    const page = await preview('a-draft')
    await page.getByRole('heading', { name: 'There is no budget called “a-draft”.' }).waitFor()
  })
})

/** What the form says in each language, above the template's lines. */
const SUBMIT = { en: /^Submit/, de: /^Absenden/, es: /^Enviar/, fr: /^Envoyer/, ar: /^أرسل/ } as const

describe('the preview of a draft', () => {
  it('shows its organiser on a phone and a desktop, in each language, what participants will see, and nobody else', async () => {
    const { page, server } = await openDesk(chromium.browser)
    await page.getByRole('link', { name: 'New budget' }).click()
    await page.getByRole('radio', { name: /A template/ }).check()
    await page.getByRole('button', { name: 'Make the draft' }).click()
    await saved(page)
    const slug = /budgets\/([^/]+)/.exec(page.url())?.[1] ?? ''
    const sent: string[] = []
    page.on('request', (request) => sent.push(request.postData() ?? ''))
    await page.getByRole('link', { name: 'Preview' }).click()
    const form = page.frameLocator('iframe')
    for (const [width, least, most] of [
      ['phone', 300, 480],
      ['desktop', 700, 2000],
    ] as const) {
      await page.getByLabel('Screen', { exact: true }).selectOption(width)
      for (const [language, submit] of Object.entries(SUBMIT)) {
        await page.getByLabel('Language', { exact: true }).last().selectOption(language)
        await form.locator(`html[lang="${language}"]`).waitFor()
        await form.getByRole('button', { name: submit }).waitFor()
        const size = await form.locator('html').evaluate((html) => html.clientWidth)
        expect(size).toBeGreaterThan(least)
        expect(size).toBeLessThan(most)
        expect(await form.getByRole('textbox').count()).toBeGreaterThan(3)
      }
    }
    const [first] = await form.getByRole('textbox').all()
    await first?.fill('100')
    await form.getByRole('button', { name: SUBMIT.ar }).click()
    await form.getByRole('group').first().waitFor()
    expect(sent.filter((body) => body.includes('submitAllocation'))).toEqual([])

    const { page: stranger, close } = await visit(
      chromium.browser,
      `${server.origin}/b/${slug}?preview=1&lang=en`,
    )
    onTestFinished(close)
    await stranger.getByRole('heading', { name: `There is no budget called “${slug}”.` }).waitFor()
  }, 60_000)
})
