import { scaleEnd, type ComparisonLine } from './comparisonLines'
import type { Language } from '../../texts/languages'
import { save } from './save'

export interface Picture {
  readonly title: string
  readonly lines: readonly ComparisonLine[]
  readonly mineLabel: string
  readonly everyoneLabel: string
  readonly realLabel: string
  /** One line each, because SVG text does not wrap. */
  readonly notes: readonly string[]
  readonly language: Language
}

const WIDTH = 1000
const MARGIN = 40
const LABELS_WIDTH = 290
const FIGURES_WIDTH = 110
const LINE_HEIGHT = 44
const HEAD_HEIGHT = 120
const NOTE_HEIGHT = 22
const FOOT_MARGIN = 34
const INK = '#221d16'
const SOFT = '#5f564a'
const ACCENT = '#9a2f1c'
const EVERYONE = '#948567'

/** The comparison as one SVG without a style sheet, font file or script. */
export function chartSvg(picture: Picture): string {
  const { title, lines, notes, language } = picture
  const foot = HEAD_HEIGHT + lines.length * LINE_HEIGHT + FOOT_MARGIN
  const height = foot + notes.length * NOTE_HEIGHT
  // Positions are mirrored by hand in right-to-left languages: `direction` only affects the words.
  const rtl = language.direction === 'rtl'
  const x = (from: number) => (rtl ? WIDTH - from : from)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Georgia, 'Times New Roman', serif" fill="${INK}" direction="${language.direction}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="#f8f3e8"/>`,
    text(x(MARGIN), 52, title, { 'font-size': 28, 'font-weight': 600 }),
    legend(picture, x),
    ...lines.map((line, index) => row(picture, line, HEAD_HEIGHT + index * LINE_HEIGHT, x)),
    ...notes.map((note, index) =>
      text(x(MARGIN), foot + index * NOTE_HEIGHT, note, { 'font-size': 14, fill: SOFT }),
    ),
    '</svg>',
  ].join('\n')
}

function legend({ lines, mineLabel, everyoneLabel, realLabel }: Picture, x: (from: number) => number) {
  const hasMine = lines.some(({ mine }) => mine !== undefined)
  const hasReal = lines.some(({ real }) => real !== undefined)
  const entries = [
    {
      label: everyoneLabel,
      mark: (at: number) => `<rect x="${x(at + 8) - 8}" y="77" width="16" height="10" fill="${EVERYONE}"/>`,
    },
    ...(hasMine ? [{ label: mineLabel, mark: (at: number) => ring(x(at + 8), 82) }] : []),
    ...(hasReal ? [{ label: realLabel, mark: (at: number) => tick(x(at + 8), 82) }] : []),
  ]
  return entries
    .map(({ label, mark }, index) => {
      const at = MARGIN + index * 200
      return mark(at) + text(x(at + 24), 87, label, { 'font-size': 15, fill: SOFT })
    })
    .join('\n')
}

function row(
  { lines, language }: Picture,
  line: ComparisonLine,
  top: number,
  x: (from: number) => number,
): string {
  const from = MARGIN + LABELS_WIDTH
  const length = WIDTH - 2 * MARGIN - LABELS_WIDTH - FIGURES_WIDTH
  const at = (share: number) => from + (share / scaleEnd(lines)) * length
  const middle = top + LINE_HEIGHT / 2
  const { everyone, mine, real } = line
  const bar = everyone === undefined ? 0 : at(everyone) - from
  return [
    `<line x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${top}" y2="${top}" stroke="#d5c9b3"/>`,
    text(x(MARGIN), middle + 6, line.label, { 'font-size': 17 }),
    `<rect x="${Math.min(x(from), x(from + bar))}" y="${middle - 7}" width="${bar}" height="14" fill="${EVERYONE}"/>`,
    mine === undefined ? '' : ring(x(at(mine)), middle),
    real === undefined ? '' : tick(x(at(real)), middle),
    text(
      x(WIDTH - MARGIN),
      middle + 6,
      everyone === undefined ? '–' : language.format.percentColumn(everyone),
      { 'font-size': 17, 'text-anchor': 'end' },
    ),
  ].join('')
}

function ring(x: number, y: number): string {
  return `<circle cx="${x}" cy="${y}" r="7" fill="#f8f3e8" stroke="${ACCENT}" stroke-width="3"/>`
}

function tick(x: number, y: number): string {
  return `<rect x="${x - 1.5}" y="${y - 13}" width="3" height="26"/>`
}

function text(x: number, y: number, content: string, attributes: Record<string, string | number>): string {
  const list = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`)
  return `<text x="${x}" y="${y}" ${list.join(' ')}>${escaped(content)}</text>`
}

function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

export function saveSvg(svg: string, name: string): void {
  save(svgUrl(svg), name)
}

export async function savePng(svg: string, name: string): Promise<void> {
  const image = new Image()
  image.src = svgUrl(svg)
  await image.decode()
  const canvas = document.createElement('canvas')
  // Twice the resolution, for print and high-density screens.
  canvas.width = image.naturalWidth * 2
  canvas.height = image.naturalHeight * 2
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  save(canvas.toDataURL('image/png'), name)
}

function svgUrl(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
}
