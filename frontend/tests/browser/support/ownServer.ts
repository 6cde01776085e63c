import type { Browser } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { visit, type Visit } from './browser'
import { TestServer } from '../../support/server'

/** A visitor at the form of a fresh server, for one test. Both go with it however it ends. */
export async function openOnOwnServer(
  browser: Browser,
  settings?: Readonly<Record<string, string>>,
): Promise<Visit & { server: TestServer }> {
  const server = await TestServer.start(settings)
  onTestFinished(() => server.remove())
  const visitor = await visit(browser, `${server.origin}/`)
  onTestFinished(async () => {
    await visitor.close()
    expect(visitor.breaches).toEqual([])
  })
  return { ...visitor, server }
}
