import { describe, expect, it, onTestFinished } from 'vitest'
import { stored } from '../support/api'
import { expectNoViolations } from './support/axe'
import { visit } from './support/browser'
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
