// Takes the pictures of the README, in docs/images, from a running server (`make run`) whose data may change.
//
//   taxbudget simulate --submissions 3000
//   ADMIN_NAME=ada ADMIN_PASSWORD=… npm run pictures [-- ORIGIN]
//
// The account is an organiser of the installation. A budget is made from docs/examples/town.yaml, opened and answered.
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const ANSWERS = 40
/** Of the eight lines of town.yaml, in per cent. */
const REAL_SHARES = [31, 14, 9, 8, 6, 15, 7, 10]
const origin = process.argv[2] ?? 'http://127.0.0.1:8000'
const { ADMIN_NAME: name, ADMIN_PASSWORD: password } = process.env
const root = new URL('../../', import.meta.url)

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
const context = await browser.newContext({ baseURL: origin, viewport: { width: 1280, height: 900 } })
const page = await context.newPage()
try {
  await ask('/admin/graphql', 'mutation ($input: SignInInput!) { signIn(input: $input) { needsTotp } }', {
    input: { name, password },
  })
  await pictureOfForm()
  await pictureOfPhone()
  await pictureOfProjector()
  const town = await draftOfTown()
  await pictureOfEditor(town.slug)
  await openAndAnswer(town)
  await pictureOfOverview(town.slug)
} finally {
  await browser.close()
}

async function ask(path, query, variables) {
  const response = await context.request.post(path, { data: { query, variables } })
  const { data, errors } = await response.json()
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

async function draftOfTown() {
  const slug = `town-${Date.now()}`
  const file = readFileSync(new URL('docs/examples/town.yaml', root), 'utf8')
  const make = 'mutation ($input: CreateBudgetInput!) { createBudget(input: $input) { version draft } }'
  const { createBudget: made } = await ask('/admin/graphql', make, { input: { file, slug } })
  const categories = made.draft.categories.map((category, line) => ({
    ...category,
    actualPercent: REAL_SHARES[line],
  }))
  const change = 'mutation ($input: UpdateBudgetInput!) { updateBudget(input: $input) { version } }'
  const input = { budget: slug, version: made.version, patch: { categories } }
  const { updateBudget: changed } = await ask('/admin/graphql', change, { input })
  return { slug, version: changed.version, keys: categories.map(({ key }) => key) }
}

async function openAndAnswer({ slug, version, keys }) {
  const open =
    'mutation ($slug: String!, $version: Int!) { openBudget(budget: $slug, version: $version) { state } }'
  await ask('/admin/graphql', open, { slug, version })
  const submit =
    'mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }'
  for (let answer = 0; answer < ANSWERS; answer += 1) {
    const weights = keys.map((_, line) => 1 + ((answer * 7 + line * 5) % 9))
    const whole = weights.reduce((sum, weight) => sum + weight, 0)
    const percents = weights.map((weight) => Math.floor((weight * 100) / whole))
    percents[0] += 100 - percents.reduce((sum, percent) => sum + percent, 0)
    const shares = keys.map((category, line) => ({ category, percent: percents[line] }))
    await ask('/graphql', submit, { input: { budget: slug, shares } })
  }
}

function save(of, file) {
  return of.screenshot({ path: new URL(`docs/images/${file}.png`, root).pathname, animations: 'disabled' })
}

/** Waits until the numbers of a chart are there. */
function counted(of) {
  return of.locator('[data-figure="everyone"] dd, [data-testid="counts"]').first().waitFor()
}

async function pictureOfForm() {
  await page.goto('/b/federal')
  const shares = [22, 14, 10, 12.5, 15, 9, 7.5]
  const fields = page.locator('form input[inputmode="decimal"]')
  for (const [line, share] of shares.entries()) await fields.nth(line).fill(String(share))
  await fields.nth(shares.length - 1).press('Tab')
  await counted(page)
  await page.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded()
  await save(page, 'page')
}

async function pictureOfPhone() {
  const phone = await browser.newContext({
    baseURL: origin,
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
    locale: 'ar',
  })
  const form = await phone.newPage()
  await form.goto('/b/federal?lang=ar')
  await form.getByRole('heading', { level: 1 }).waitFor()
  await save(form, 'phone')
}

async function pictureOfProjector() {
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.goto('/b/federal/projector')
  await page.locator('[data-category] p').filter({ hasText: '%' }).first().waitFor()
  await save(page, 'projector')
  await page.setViewportSize({ width: 1280, height: 900 })
}

async function pictureOfEditor(slug) {
  await page.goto(`/admin/budgets/${slug}/edit`)
  await page.getByRole('grid').waitFor()
  await page.getByRole('heading', { level: 2, name: 'Categories' }).evaluate((heading) => {
    heading.scrollIntoView()
  })
  await save(page, 'desk-edit')
}

async function pictureOfOverview(slug) {
  await page.goto(`/admin/budgets/${slug}`)
  await counted(page)
  await page
    .locator('[data-figure="participants"] dd')
    .filter({ hasText: String(ANSWERS) })
    .waitFor()
  await save(page, 'desk-overview')
}
