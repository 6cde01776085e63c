import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { launch, visit } from './support/browser'
import { everyone, field } from './support/participation'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer()

/** Answers as a node of another release does: it has no files of these names. Returns how often the document was asked for. */
async function without(page: Page, files: RegExp, times = Infinity): Promise<{ documents: number }> {
  const asked = { documents: 0 }
  page.on('request', (request) => {
    if (request.isNavigationRequest()) asked.documents += 1
  })
  await page.route(files, (route) => {
    // All files of one visit of the document are missing, or none.
    if (asked.documents > times) return route.continue()
    return route.fulfill({ status: 404, contentType: 'text/html', body: 'not here' })
  })
  return asked
}

const NOT_STARTED = 'This page could not be loaded. A new version may just be arriving.'

describe.each([
  ['the script', /\/assets\/index-.*\.js/],
  ['a file that the script needs', /\/assets\/vendor-.*\.js/],
  ['the texts', /\/assets\/texts-.*\.js/],
])('a page whose files are of another release: %s', (_, files) => {
  it('is loaded once more by itself, and then is there', async () => {
    let asked = { documents: 0 }
    const { page, breaches, close } = await visit(
      chromium.browser,
      `${there.server.origin}/`,
      {},
      async (blank) => {
        asked = await without(blank, files, 1)
      },
    )
    await field(page, 'Healthcare').waitFor()
    expect(asked.documents).toBe(2)
    expect(breaches).toEqual([])
    await close()
  })

  it('says so where that does not help, and offers to load it again', async () => {
    let asked = { documents: 0 }
    const { page, breaches, close } = await visit(
      chromium.browser,
      `${there.server.origin}/`,
      {},
      async (blank) => {
        asked = await without(blank, files, 2)
      },
    )
    await page.getByText(NOT_STARTED).waitFor()
    expect(await page.getByText('it needs a host name of its own').isVisible()).toBe(false)
    expect(asked.documents).toBe(2)
    await page.getByRole('button', { name: 'Load it again' }).click()
    await field(page, 'Healthcare').waitFor()
    expect(breaches).toEqual([])
    await close()
  })
})

describe('a page that could not be loaded', () => {
  it('says so in the language of the document', async () => {
    const { page, close } = await visit(
      chromium.browser,
      `${there.server.origin}/`,
      { locale: 'de-AT' },
      async (blank) => {
        await without(blank, /\/assets\/index-.*\.js/)
      },
    )
    await page.getByText('Die Seite ließ sich nicht laden.').waitFor()
    await page.getByRole('button', { name: 'Neu laden' }).waitFor()
    await close()
  })
})

describe('a page whose style sheets are of another release', () => {
  it('is loaded once more by itself', async () => {
    let asked = { documents: 0 }
    const { page, close } = await visit(chromium.browser, `${there.server.origin}/`, {}, async (blank) => {
      asked = await without(blank, /\/assets\/index-.*\.css/, 1)
    })
    await expect.poll(() => asked.documents, { timeout: 5000 }).toBe(2)
    await field(page, 'Healthcare').waitFor()
    await close()
  })
})

describe('a page none of whose files can be reached, as below a path of another site', () => {
  it('says so', async () => {
    const { page, close } = await visit(chromium.browser, `${there.server.origin}/`, {}, async (blank) => {
      await without(blank, /\/(assets\/|start\.js)/)
    })
    await page.getByText('it needs a host name of its own').waitFor()
    await close()
  })
})

describe('files that are gone once the page is there', () => {
  it('of a language: the choice says so, and the language stays', async () => {
    const { page, breaches, close } = await visit(
      chromium.browser,
      `${there.server.origin}/`,
      {},
      async (blank) => {
        await without(blank, /\/assets\/texts-de-.*\.js/)
      },
    )
    await page.getByLabel('Language').selectOption('de')
    await page.getByText('Deutsch could not be loaded. Try again, or load the page anew.').waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('en')
    expect(await page.getByLabel('Language').inputValue()).toBe('en')
    await page.getByLabel('Language').selectOption('fr')
    await page.getByRole('heading', { name: 'Votre répartition' }).waitFor()
    expect(breaches).toEqual([])
    await close()
  })

  it('of the chart: the form stays', async () => {
    const { page, close } = await visit(chromium.browser, `${there.server.origin}/`, {}, async (blank) => {
      await without(blank, /\/assets\/LiveResults-.*\.js/)
    })
    await page.getByRole('group', { name: 'This part could not be shown' }).waitFor()
    await field(page, 'Healthcare').waitFor()
    await close()
  })

  it('of a picture to take away: the page says so', async () => {
    const { page, breaches, close } = await visit(
      chromium.browser,
      `${there.server.origin}/aggregate`,
      {},
      async (blank) => {
        await without(blank, /\/assets\/chartPicture-.*\.js/)
      },
    )
    await page.getByRole('button', { name: 'Chart (SVG)' }).click()
    await page.getByText('This could not be loaded. Try again in a moment').waitFor()
    expect(breaches).toEqual([])
    await close()
  })
})

describe('a browser whose language is no language tag', () => {
  it.each(['en-US@posix', 'de_DE.UTF-8'])('%s is shown the page', async (tag) => {
    const browser = await launch([`--accept-lang=${tag}`])
    const { page, breaches, close } = await visit(browser, `${there.server.origin}/`)
    await page.getByRole('textbox').first().waitFor()
    expect(breaches).toEqual([])
    await close()
    await browser.close()
  })
})

describe('the words of a label that do not break', () => {
  it('never make a page wider than a phone', async () => {
    const { page, close } = await visit(
      chromium.browser,
      `${there.server.origin}/aggregate`,
      { viewport: { width: 390, height: 844 } },
      async (blank) => {
        await blank.route('**/graphql', async (route) => {
          const response = await route.fetch()
          const body = (await response.text())
            .replaceAll('Healthcare', 'Rindfleischetikettierungsüberwachung'.repeat(9))
            .replaceAll('Education', '教育和科学以及文化的公共支出'.repeat(9))
          await route.fulfill({ response, body })
        })
      },
    )
    await everyone(page, 'science').waitFor()
    const widths = () =>
      page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
    expect(await widths()).toEqual([390, 390])
    await page.getByRole('radio', { name: 'Table' }).click()
    await page.getByRole('table').waitFor()
    expect(await widths()).toEqual([390, 390])
    await close()
  })
})
