// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import type { ComparisonLine } from './comparisonLines'
import { english } from '../../testing/english'
import { loadLanguage, type Language } from '../../texts/languages'
import { chartSvg } from './chartPicture'

const roads: ComparisonLine = {
  key: 'roads',
  label: 'Roads & <bridges>',
  mine: 4000,
  everyone: 2500,
  real: 1000,
}
const parks: ComparisonLine = { key: 'parks', label: 'Parks', mine: 0, everyone: undefined, real: 0 }

function draw(lines: readonly ComparisonLine[] = [roads, parks], language: Language = english): Document {
  const svg = chartSvg({
    title: 'Where to?',
    lines,
    mineLabel: 'Mine',
    everyoneLabel: 'Everyone',
    realLabel: 'Budget',
    notes: ['2 participants', 'Not a poll'],
    language,
  })
  return new DOMParser().parseFromString(svg, 'image/svg+xml')
}

const words = (picture: Document) => [...picture.querySelectorAll('text')].map((text) => text.textContent)

describe('the picture of the chart', () => {
  it('says its question, what the marks mean, every line and from whom it is', () => {
    expect(words(draw())).toEqual([
      'Where to?',
      'Everyone',
      'Mine',
      'Budget',
      'Roads & <bridges>',
      '25.00%',
      'Parks',
      '–',
      '2 participants',
      'Not a poll',
    ])
  })

  it('explains only the marks that it has', () => {
    const picture = draw([{ ...roads, mine: undefined, real: undefined }])
    expect(words(picture)).not.toContain('Mine')
    expect(words(picture)).not.toContain('Budget')
    expect(picture.querySelectorAll('circle')).toHaveLength(0)
  })

  it('needs no style sheet, font or script, which a policy could forbid', () => {
    expect(draw().querySelectorAll('style, script, image, [style], [href]')).toHaveLength(0)
  })

  it('keeps all words within itself, each note in a line of its own', () => {
    const picture = draw()
    const height = Number(picture.documentElement.getAttribute('height'))
    const tops = [...picture.querySelectorAll('text')].map((text) => Number(text.getAttribute('y')))
    expect(Math.max(...tops)).toBeLessThan(height)
    expect(tops.at(-1)).toBeGreaterThan(tops.at(-2) ?? 0)
  })

  it('is mirrored where one reads from right to left, words as well as places', async () => {
    const x = (picture: Document) => Number(picture.querySelector('circle')?.getAttribute('cx'))
    const width = 1000
    const [ltr, rtl] = [draw(), draw([roads, parks], await loadLanguage('ar'))]
    expect(rtl.documentElement.getAttribute('direction')).toBe('rtl')
    expect(x(rtl)).toBe(width - x(ltr))
  })
})
