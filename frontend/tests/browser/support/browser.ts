import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function launch(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...FLAGS, ...flags],
    headless: true,
  })
}

export interface Visit {
  readonly page: Page
  /** Breaches of the page's promises: scripts that threw, requests to other origins, policy violations. */
  readonly breaches: string[]
  readonly close: () => Promise<void>
}

/** A visitor of their own: no cookie or storage shared with another visit. `prepare` runs before the page is opened. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  prepare: (page: Page) => Promise<void> = () => Promise.resolve(),
): Promise<Visit> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(8000)
  const breaches = watchBreaches(page, new URL(url).origin)
  await prepare(page)
  await page.goto(url)
  const close = async () => {
    // A request that a test still holds back may end with the page; that is no failure.
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await context.close()
  }
  return { page, breaches, close }
}

export function watchBreaches(page: Page, origin: string): string[] {
  const breaches: string[] = []
  const own = new Set([origin, origin.replace(/^http/, 'ws')])
  page.on('pageerror', (error) => breaches.push(`threw: ${error.message}`))
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) breaches.push(message.text())
  })
  page.on('request', (request) => {
    const target = new URL(request.url())
    const inline = target.protocol === 'data:' || target.protocol === 'blob:'
    if (!inline && !own.has(target.origin)) breaches.push(`asked ${request.url()}`)
  })
  page.on('websocket', (socket) => {
    if (!own.has(new URL(socket.url()).origin)) breaches.push(`asked ${socket.url()}`)
  })
  return breaches
}
