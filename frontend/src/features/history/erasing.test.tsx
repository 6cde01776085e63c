// @vitest-environment jsdom
import { cleanup, render, renderHook, screen, act } from '@testing-library/react'
import type { ReactNode } from 'react'
import { Client, fetchExchange, Provider } from 'urql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InEnglish } from '../../testing/english'
import { ErasedNote } from './ErasedNote'
import { useErase } from './useErase'

beforeEach(() => {
  sessionStorage.clear()
  for (const name of ['answer', 'code', 'draft', 'pending']) {
    sessionStorage.setItem(`taxbudget:${name}:town`, '{}')
    sessionStorage.setItem(`taxbudget:${name}:old-town`, '{}')
  }
})

afterEach(cleanup)

function eraser(response: object) {
  const client = new Client({
    url: 'http://localhost/graphql',
    exchanges: [fetchExchange],
    preferGetMethod: false,
    fetch: () => Promise.resolve(Response.json(response)),
  })
  const wrapper = ({ children }: { children: ReactNode }) => <Provider value={client}>{children}</Provider>
  return renderHook(() => useErase(), { wrapper }).result
}

const ERASED = { data: { eraseMyData: { erased: [{ submissions: 1 }] } } }
const REFUSED = { errors: [{ message: 'no', extensions: { code: 'BAD_USER_INPUT' } }] }

describe('what the tab keeps', () => {
  it('goes for one budget when the answer to a code is erased', async () => {
    const result = eraser(ERASED)
    await act(() => result.current.erase({ budget: 'town', code: 'K7M2T' }))
    expect(Object.keys(sessionStorage).toSorted()).toEqual([
      'taxbudget:answer:old-town',
      'taxbudget:code:old-town',
      'taxbudget:draft:old-town',
      'taxbudget:pending:old-town',
    ])
  })

  it('goes for all budgets when everything is erased, and nothing else goes', async () => {
    sessionStorage.setItem('other', 'stays')
    const result = eraser(ERASED)
    await act(() => result.current.erase({}))
    expect(Object.keys(sessionStorage)).toEqual(['other'])
  })

  it('stays when nothing could be erased', async () => {
    const result = eraser(REFUSED)
    await act(() => result.current.erase({}))
    expect(sessionStorage.length).toBe(8)
  })
})

describe('the note about what was erased', () => {
  it('says that the averages may contain it for longer', () => {
    render(<ErasedNote submissions={2} />, { wrapper: InEnglish })
    const note = screen.getByRole('group', { name: 'Your answers are erased' })
    expect(note.textContent).toContain('2 answers were deleted.')
    expect(note.textContent).toContain('may contain an erased answer for longer')
  })

  it('claims no erasure where there was nothing', () => {
    render(<ErasedNote submissions={0} />, { wrapper: InEnglish })
    expect(screen.getByRole('group').textContent).toBe('There was nothing to erase')
  })
})
