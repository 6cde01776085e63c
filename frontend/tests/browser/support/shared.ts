import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { launch } from './browser'
import { TestServer } from '../../support/server'

/** One browser for a file of tests, there from the first test on. */
export function sharedBrowser(): { readonly browser: Browser } {
  const shared = {} as { browser: Browser }
  beforeAll(async () => {
    shared.browser = await launch()
  })
  afterAll(() => shared.browser.close())
  return shared
}

/** One server for a file of tests, filled by `prepare`. */
export function sharedServer(prepare: (server: TestServer) => Promise<void> = () => Promise.resolve()): {
  readonly server: TestServer
} {
  const shared = {} as { server: TestServer }
  beforeAll(async () => {
    shared.server = await TestServer.start()
    await prepare(shared.server)
  })
  afterAll(() => shared.server.remove())
  return shared
}
