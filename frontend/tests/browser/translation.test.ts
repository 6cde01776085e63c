import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { visit } from './support/browser'
import { everyone, field, give, submit, submitted } from './support/participation'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer()

/** As the translators of browsers do: each text stands in two elements of their own, and React's text is gone. */
async function translate(page: Page): Promise<void> {
  await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const texts: Text[] = []
    while (walker.nextNode()) texts.push(walker.currentNode as Text)
    for (const text of texts) {
      if (text.data.trim() === '') continue
      const [outer, inner] = [0, 1].map(() =>
        document.createElementNS('http://www.w3.org/1999/xhtml', 'font'),
      )
      if (!outer || !inner) return
      inner.append(text.data)
      outer.append(inner)
      text.replaceWith(outer)
    }
  })
}

/** Elements in which a text has neighbours: a translated one there would stay as it is when React changes it. */
function mixed(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('#root *')]
      .filter(({ childNodes }) => {
        const nodes = [...childNodes].filter((node) => node.nodeType !== Node.COMMENT_NODE)
        const holdsText = nodes.some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
        return holdsText && nodes.length > 1
      })
      .map((element) => element.outerHTML.slice(0, 200)),
  )
}

it('a translated page never says the opposite of what is', async () => {
  const { page, close } = await visit(chromium.browser, `${there.server.origin}/`)
  const left = page.locator('[data-left] > p').first()
  await give(page, { Healthcare: '60', Education: '50' })
  await translate(page)
  await give(page, { Education: '10' })
  expect(await left.textContent()).toBe('Left to give 30%')
  await translate(page)
  await give(page, { Education: '50' })
  expect(await left.textContent()).toBe('Too much given 10%')
  await close()
})

it('no text that a translator may replace has a neighbour in its element', async () => {
  const { page, close } = await visit(chromium.browser, `${there.server.origin}/`)
  await give(page, { Healthcare: '60', Education: '50' })
  await submit(page)
  await page.getByRole('group', { name: 'Not sent yet' }).waitFor()
  await page.getByRole('button', { name: 'Your tax receipt' }).click()
  await page.getByText('What you enter here never leaves this page').waitFor()
  expect(await mixed(page), 'form').toEqual([])

  await give(page, { Education: '40' })
  await page.getByText('Remember me on this device').click()
  await submit(page)
  await submitted(page)
  await everyone(page, 'healthcare').waitFor()
  await page.getByRole('button', { name: 'Healthcare' }).click()
  await page.getByText('Half give').waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  expect(await mixed(page), 'counted').toEqual([])
  await page.getByRole('radio', { name: 'Table' }).click()
  await page.getByRole('table').first().waitFor()
  expect(await mixed(page), 'table').toEqual([])

  await page.getByRole('link', { name: 'Your result, with a link to share' }).click()
  await page.getByText(/^Submitted on/).waitFor()
  expect(await mixed(page), 'result').toEqual([])
  await page.getByRole('link', { name: 'History' }).click()
  await page.locator('[data-counted]').waitFor()
  expect(await mixed(page), 'history').toEqual([])
  await page.goto(`${there.server.origin}/nothing-here`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(await mixed(page), 'unknown').toEqual([])
  await page.goto(`${there.server.origin}/`)
  await field(page, 'Healthcare').waitFor()
  expect(await mixed(page), 'welcome back').toEqual([])
  await close()
})
