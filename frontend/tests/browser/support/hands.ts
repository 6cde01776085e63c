import type { Locator, Page } from 'playwright-core'

/** How a person works a page. */
export interface Hands {
  readonly press: (target: Locator) => Promise<void>
  readonly type: (target: Locator, text: string) => Promise<void>
}

export function mouse(): Hands {
  return {
    press: (target) => target.click(),
    async type(target, text) {
      await target.click()
      await target.fill(text)
    },
  }
}

/** Reaches everything by the Tab key. */
export function keyboard(page: Page): Hands {
  async function reach(target: Locator): Promise<void> {
    await target.waitFor()
    for (let tabs = 0; tabs < 300; tabs += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`the Tab key does not lead to ${String(target)}`)
  }
  return {
    async press(target) {
      await reach(target)
      await page.keyboard.press('Enter')
    },
    async type(target, text) {
      await reach(target)
      await page.keyboard.press('Control+a')
      await page.keyboard.type(text)
    },
  }
}
