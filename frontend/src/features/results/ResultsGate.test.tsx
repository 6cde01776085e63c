// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import { Client, fetchExchange, Provider } from 'urql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Snapshot } from '../../live/snapshot'
import { ResultsGate } from './ResultsGate'

const snapshot: Snapshot = {
  version: 1,
  asOf: '2026-06-01T12:00:00Z',
  stale: false,
  participantCount: 20,
  submissionCount: 20,
  shownParticipantCount: 20,
  categories: [],
}
const hidden = {
  data: { budget: { aggregate: null } },
  errors: [{ message: 'hidden', extensions: { code: 'RESULTS_HIDDEN' } }],
}

let answer: unknown = hidden
let asked = 0
let takeAway: () => void = () => undefined

beforeEach(() => {
  vi.useFakeTimers()
  answer = hidden
  asked = 0
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function gate(initial: Snapshot | null, occasion = 'before') {
  return (
    <ResultsGate
      budget="town"
      initial={initial}
      visibility="AFTER_CLOSING"
      occasion={occasion}
      hidden={<p>not yet</p>}
    >
      {(shown, onHidden) => {
        takeAway = onHidden
        return <p>{`participants: ${String(shown?.participantCount)}`}</p>
      }}
    </ResultsGate>
  )
}

function renderGate(initial: Snapshot | null) {
  const client = new Client({
    url: 'http://localhost/graphql',
    preferGetMethod: false,
    exchanges: [fetchExchange],
    fetch: () => {
      asked += 1
      return Promise.resolve(
        new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } }),
      )
    },
  })
  const within = (element: React.ReactNode) => <Provider value={client}>{element}</Provider>
  const { rerender } = render(within(gate(initial)))
  return {
    change: (occasion: string) => {
      rerender(within(gate(initial, occasion)))
    },
  }
}

const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))

describe('results that are hidden', () => {
  it('appear by themselves once the server shows them', async () => {
    renderGate(null)
    await wait(14_000)
    screen.getByText('not yet')
    answer = { data: { budget: { aggregate: snapshot } } }
    await wait(2_000)
    screen.getByText('participants: 20')
    const before = asked
    await wait(60_000)
    expect(asked).toBe(before)
  })

  it('are asked for at once when the viewer has answered', async () => {
    const { change } = renderGate(null)
    await wait(100)
    answer = { data: { budget: { aggregate: snapshot } } }
    change('after')
    await wait(100)
    screen.getByText('participants: 20')
  })

  it('go when a subscription says so, and are not asked for in haste', async () => {
    answer = { data: { budget: { aggregate: snapshot } } }
    renderGate(snapshot)
    screen.getByText('participants: 20')
    act(() => {
      takeAway()
    })
    screen.getByText('not yet')
    await wait(10_000)
    expect(asked).toBe(0)
    await wait(6_000)
    screen.getByText('participants: 20')
  })
})
