// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { InEnglish } from '../../testing/english'
import { Exclusions } from './Exclusions'

afterEach(cleanup)

it('the page says how many answers were excluded, and why', () => {
  const exclusions = [
    { reason: 'sent by a script', count: 12, excludedAt: '2026-06-01T12:00:00Z' },
    { reason: 'test of the organisers', count: 1, excludedAt: '2026-06-02T12:00:00Z' },
  ]
  render(<Exclusions exclusions={exclusions} />, { wrapper: InEnglish })
  const list = screen.getByRole('list', { name: 'Excluded answers' })
  expect([...list.children].map(({ textContent }) => textContent)).toEqual([
    '12 answers were excluded: sent by a script',
    '1 answer was excluded: test of the organisers',
  ])
})

it('the page says nothing of exclusions where there are none', () => {
  const { container } = render(<Exclusions exclusions={[]} />, { wrapper: InEnglish })
  expect(container.textContent).toBe('')
})
