import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { visit } from './support/browser'
import { field, give, submit, submitted } from './support/participation'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer()

function phone() {
  return visit(chromium.browser, `${there.server.origin}/`, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  })
}

/** A finger that goes from one point to another, as the screen reports it. */
async function swipe(
  page: Page,
  from: { x: number; y: number },
  by: { x: number; y: number },
): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points })
  await touch('touchStart', [from])
  for (let step = 1; step <= 10; step += 1) {
    await touch('touchMove', [{ x: from.x + (by.x * step) / 10, y: from.y + (by.y * step) / 10 }])
  }
  await touch('touchEnd', [])
}

async function middleOf(page: Page, label: string) {
  const slider = page.getByRole('slider', { name: `${label}, slider` })
  await slider.scrollIntoViewIfNeeded()
  const box = await slider.boundingBox()
  if (!box) throw new Error(`no slider for ${label}`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

describe('on a phone', () => {
  it('one takes part by touch, and every target is large enough', async () => {
    const { page, breaches, close } = await phone()
    await page.getByRole('button', { name: 'Healthcare: 1% more' }).tap()
    await page.getByRole('button', { name: 'The rest to Healthcare' }).tap()
    await expect.poll(() => field(page, 'Healthcare').inputValue()).toBe('100')
    await page.getByText('No cookie', { exact: true }).tap()

    const tooSmall = await page.evaluate(() =>
      [
        ...document.querySelectorAll(
          'main :is(button, input[type="range"], select, label:has([type="radio"]))',
        ),
      ]
        .map((target) => ({ target, box: target.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 1 && (box.height < 43.5 || box.width < 23.5))
        .map(
          ({ target, box }) => `${target.outerHTML.slice(0, 80)} ${String(box.width)}×${String(box.height)}`,
        ),
    )
    expect(tooSmall).toEqual([])

    await submit(page)
    await submitted(page)
    expect(breaches).toEqual([])
    await close()
  })

  it('a finger that starts on a track scrolls the page and changes nothing', async () => {
    const { page, close } = await phone()
    await give(page, { Infrastructure: '20' })
    const from = await middleOf(page, 'Infrastructure')
    const before = await page.evaluate(() => window.scrollY)
    await swipe(page, from, { x: 0, y: -250 })
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(before + 100)
    expect(await field(page, 'Infrastructure').inputValue()).toBe('20')
    await close()
  })

  it('a finger that goes along a track sets the share', async () => {
    const { page, close } = await phone()
    await give(page, { Infrastructure: '20' })
    await swipe(page, await middleOf(page, 'Infrastructure'), { x: 60, y: 0 })
    await expect
      .poll(async () => Number(await field(page, 'Infrastructure').inputValue()))
      .toBeGreaterThan(50)
    await close()
  })

  it('what has the focus is not hidden under the bar at the foot', async () => {
    const { page, close } = await phone()
    for (const label of ['Social Security', 'Housing & Community', 'Other']) {
      await field(page, label).focus()
      const covered = await field(page, label).evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect()
        return !element.contains(document.elementFromPoint(left + width / 2, top + height / 2))
      })
      expect(covered, label).toBe(false)
    }
    await close()
  })
})
