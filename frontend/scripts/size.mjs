// Says how much JavaScript a page loads before it can be used, and fails past the limit.
import { readdirSync, readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const LIMIT_KB = 130
const dist = new URL('../dist/', import.meta.url)

const html = readFileSync(new URL('index.html', dist), 'utf8')
const scripts = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path)
// The texts of one language come before the first render.
const language = readdirSync(new URL('assets/', dist)).find((name) => /^texts-en-.*\.js$/.test(name))
if (!language) throw new Error('no chunk with the English texts')
scripts.push(`assets/${language}`)

function kilobytes(compress) {
  const bytes = scripts.reduce((sum, path) => sum + compress(readFileSync(new URL(path, dist))).length, 0)
  return Math.round(bytes / 100) / 10
}

const gzip = kilobytes((content) => gzipSync(content, { level: 9 }))
const brotli = kilobytes((content) => brotliCompressSync(content))
console.log(`JavaScript of / : ${gzip} kB gzip, ${brotli} kB brotli (limit ${LIMIT_KB} kB gzip)`)
if (scripts.length === 0 || gzip > LIMIT_KB) process.exitCode = 1
