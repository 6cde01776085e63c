// Says how much JavaScript the pages load before they can be used, and fails past the limits.
import { readdirSync, readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const PAGES = [
  { address: '/', document: 'index.html', limitKb: 130 },
  // Before the screen that the address names.
  { address: '/admin', document: 'desk.html', limitKb: 125 },
  // In the frame of another site's page, which has scripts of its own.
  { address: '/embed/…', document: 'embed.html', limitKb: 20 },
]
const dist = new URL('../dist/', import.meta.url)

// The texts of one language come before the first render.
const language = readdirSync(new URL('assets/', dist)).find((name) => /^texts-en-.*\.js$/.test(name))
if (!language) throw new Error('no chunk with the English texts')

for (const { address, document, limitKb } of PAGES) {
  const html = readFileSync(new URL(document, dist), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path)
  if (named.length === 0) throw new Error(`${document} names no script`)
  const scripts = [...named, `assets/${language}`].map((path) => readFileSync(new URL(path, dist)))
  const gzip = kilobytes(scripts, (content) => gzipSync(content, { level: 9 }))
  const brotli = kilobytes(scripts, (content) => brotliCompressSync(content))
  console.log(`JavaScript of ${address} : ${gzip} kB gzip, ${brotli} kB brotli (limit ${limitKb} kB gzip)`)
  if (gzip > limitKb) process.exitCode = 1
}

function kilobytes(scripts, compress) {
  const bytes = scripts.reduce((sum, content) => sum + compress(content).length, 0)
  return Math.round(bytes / 100) / 10
}
