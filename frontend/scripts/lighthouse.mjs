// Scores the pages of a running server (`make run`) as a phone on a slow network sees them, and fails below the limits.
//
//   npm run lighthouse [-- ORIGIN]
//
// With DESK_COOKIE, the cookie of somebody who has signed in, it scores the desk instead.
//
// Lighthouse is fetched when this is run: nothing else needs its 200 packages.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const LIGHTHOUSE = 'lighthouse@12.8.2'
const LIMITS = { performance: 95, accessibility: 100, 'best-practices': 100 }
const PAGES = ['/', '/aggregate', '/history', '/b/federal/projector', '/embed/federal']
const DESK_PAGES = [
  '/admin',
  '/admin/budgets/federal',
  '/admin/budgets/federal/edit',
  '/admin/budgets/federal/answers',
  '/admin/operations',
]
const cookie = process.env.DESK_COOKIE
const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

const origin = process.argv[2] ?? 'http://127.0.0.1:8000'
const folder = mkdtempSync(join(tmpdir(), 'taxbudget-lighthouse-'))
try {
  for (const page of cookie ? DESK_PAGES : PAGES) {
    const { categories, audits } = report(origin + page)
    const scores = Object.entries(LIMITS).map(([id, limit]) => {
      const score = Math.round(categories[id].score * 100)
      if (score < limit) process.exitCode = 1
      return `${id} ${score}${score < limit ? ` (below ${limit})` : ''}`
    })
    const times = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time'].map(
      (id) => `${id} ${audits[id].displayValue}`,
    )
    console.log(`${page}: ${[...scores, ...times].join(', ')}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function report(url) {
  const file = join(folder, 'report.json')
  execFileSync(
    'npx',
    [
      '--yes',
      LIGHTHOUSE,
      url,
      '--quiet',
      ...(cookie ? [`--extra-headers=${JSON.stringify({ cookie })}`] : []),
      '--output=json',
      `--output-path=${file}`,
      `--only-categories=${Object.keys(LIMITS).join(',')}`,
      `--chrome-flags=${FLAGS}`,
    ],
    {
      env: { ...process.env, CHROME_PATH: process.env.CHROMIUM ?? '/usr/bin/chromium' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  return JSON.parse(readFileSync(file, 'utf8'))
}
