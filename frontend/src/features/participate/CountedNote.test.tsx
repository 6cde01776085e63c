// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { InEnglish } from '../../testing/english'
import { CountedNote } from './CountedNote'

afterEach(cleanup)

function noteOf(replaced: boolean) {
  render(
    <CountedNote
      counted={{ state: 'counted', id: 'x', replaced, cookie: 'kept' }}
      closesAt={null}
      publishEvery={10}
      isOpen
      onChange={() => undefined}
      onAnother={() => undefined}
    />,
    { wrapper: InEnglish },
  )
  return screen.getByRole('group', { name: 'Counted.' }).textContent
}

it('a new answer is promised to the next group', () => {
  expect(noteOf(false)).toContain('It is shown with the next group of 10 answers')
})

it('a changed answer is promised to the next group only if the earlier one is not shown', () => {
  const text = noteOf(true)
  expect(text).not.toContain('It is shown with the next group')
  expect(text).toContain('If the averages contain your earlier answer already')
})
