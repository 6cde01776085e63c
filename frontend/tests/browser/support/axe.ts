import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Everything in light colours, then what can differ in dark ones. */
export async function expectNoViolations(page: Page, where: string): Promise<void> {
  // Evaluated through the debugger, which the page's Content-Security-Policy does not bind.
  await page.evaluate(AXE)
  expect(await violations(page, {}), where).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page, { runOnly: ['color-contrast'] }), `${where}, dark`).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}

async function violations(page: Page, options: RunOptions): Promise<string[]> {
  const found = await page.evaluate(
    (asked) => (window as unknown as { axe: typeof axe }).axe.run(asked),
    options,
  )
  expect(found.passes.length).toBeGreaterThan(0)
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}
