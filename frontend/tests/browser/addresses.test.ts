import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { visit } from './support/browser'
import { everyone, field } from './support/participation'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer()

async function open(path: string): Promise<Page> {
  const { page, breaches, close } = await visit(chromium.browser, there.server.origin + path)
  onTestFinished(async () => {
    await close()
    expect(breaches).toEqual([])
  })
  return page
}

function link(page: Page, name: string) {
  return page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name })
}

describe('a budget has an address of its own', () => {
  it('for its form and for its results, and the links at the top stay with it', async () => {
    const page = await open('/b/federal')
    await field(page, 'Healthcare').waitFor()
    expect(await link(page, 'Take part').getAttribute('aria-current')).toBe('page')

    await link(page, 'Averages').click()
    await page.waitForURL('**/b/federal/results')
    await everyone(page, 'education').waitFor()
    expect(await link(page, 'Take part').getAttribute('aria-current')).toBe(null)
    expect(await link(page, 'Averages').getAttribute('aria-current')).toBe('page')

    await link(page, 'Take part').click()
    await field(page, 'Healthcare').waitFor()
    expect(new URL(page.url()).pathname).toBe('/b/federal')
  })

  it('also where it is written with a slash at its end', async () => {
    const page = await open('/b/federal/results/?lang=en')
    await everyone(page, 'education').waitFor()
    expect(page.url()).toBe(`${there.server.origin}/b/federal/results?lang=en`)
  })
})

describe('an older address', () => {
  it.each([
    ['/?budget=federal&lang=de', '/b/federal?lang=de', 'Gesundheit'],
    ['/?budget=federal', '/b/federal', 'Healthcare'],
  ])('%s leads to the form', async (old, present, label) => {
    const page = await open(old)
    await field(page, label).waitFor()
    expect(page.url()).toBe(there.server.origin + present)
  })

  it.each([
    ['/aggregate?budget=federal', '/b/federal/results'],
    ['/aggregate', '/aggregate'],
  ])('%s leads to the results', async (old, present) => {
    const page = await open(old)
    await everyone(page, 'education').waitFor()
    expect(page.url()).toBe(there.server.origin + present)
  })
})

describe('a link of the page', () => {
  it('shows the next page from its top, and going back shows the form where it was', async () => {
    const page = await open('/b/federal')
    await field(page, 'Other').waitFor()
    await page.evaluate(() => {
      document.body.dataset.loadedOnce = 'yes'
      window.scrollTo(0, 700)
    })
    await link(page, 'History').click()
    await page.getByRole('heading', { name: 'My submissions' }).waitFor()
    expect(await page.evaluate(() => window.scrollY)).toBe(0)
    await page.goBack()
    await field(page, 'Other').waitFor()
    expect(await page.evaluate(() => document.body.dataset.loadedOnce)).toBe('yes')
  })

  it('opens a tab of its own where the reader asks for one', async () => {
    const page = await open('/b/federal')
    await field(page, 'Healthcare').waitFor()
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      link(page, 'Averages').click({ modifiers: ['ControlOrMeta'] }),
    ])
    await everyone(tab, 'education').waitFor()
    expect(new URL(page.url()).pathname).toBe('/b/federal')
  })
})
