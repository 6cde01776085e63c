// @vitest-environment jsdom
import { cleanup, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Client, fetchExchange, Provider } from 'urql'
import { afterEach, describe, expect, it } from 'vitest'
import type { ComparisonLine, Subject } from './comparisonLines'
import { InEnglish } from '../../testing/english'
import { Comparison } from './Comparison'
import { ComparisonTable } from './ComparisonTable'

const roads: ComparisonLine = { key: 'roads', label: 'Roads', mine: 4000, everyone: 2500, real: 1000 }
const parks: ComparisonLine = { key: 'parks', label: 'Parks', mine: 6000, everyone: 7500, real: 9000 }

const answer = {
  budget: {
    aggregate: {
      version: 1,
      shownParticipantCount: 4,
      categories: [
        {
          category: { key: 'roads' },
          medianPercent: 20,
          lowerQuartilePercent: 10,
          upperQuartilePercent: 30,
          standardDeviation: 12.5,
          zeroCount: 1,
          histogram: [0, 25, 50, 75].map((from) => ({ fromPercent: from, toPercent: from + 25, count: 1 })),
        },
      ],
    },
  },
}

/** The chart over a server that always gives this answer, and how often it was asked for it. */
function renderChart(lines: readonly ComparisonLine[], subject: Subject = 'mine') {
  const asked = { times: 0 }
  const client = new Client({
    url: 'http://localhost/graphql',
    preferGetMethod: false,
    exchanges: [fetchExchange],
    fetch() {
      asked.times += 1
      const headers = { 'content-type': 'application/json' }
      return Promise.resolve(new Response(JSON.stringify({ data: answer }), { headers }))
    },
  })
  const chart = (version: number) => (
    <InEnglish>
      <Provider value={client}>
        <Comparison budget="town" version={version} lines={lines} subject={subject} />
      </Provider>
    </InEnglish>
  )
  const { rerender } = render(chart(1))
  return {
    asked,
    publish: (version: number) => {
      rerender(chart(version))
    },
  }
}

afterEach(cleanup)

describe('the chart', () => {
  it('says the gaps of a line in words', () => {
    renderChart([roads])
    screen.getByText('You give 15 points more than everyone. Everyone gives 15 points more than the budget.')
  })

  it('says a comparison once where the answer is the real budget', () => {
    renderChart([{ ...roads, mine: 1000 }])
    screen.getByText('You give 15 points less than everyone, as the budget does.')
    cleanup()
    renderChart([{ ...roads, mine: 2500, real: 2500 }])
    screen.getByText('You give as much as everyone, and as the budget.')
  })

  it.each([
    [97, 'Everyone gives 1 point more than the budget.'],
    [-104, 'Everyone gives 1 point less than the budget.'],
    [3, 'Everyone gives 0.03 points more than the budget.'],
    [0, 'Everyone gives as much as the budget.'],
  ])('says a gap of %d basis points as it is written', (gap, words) => {
    renderChart([{ ...roads, mine: undefined, everyone: 1000 + gap, real: 1000 }])
    screen.getByText(words)
  })

  it('opens a line to its distribution, asked for once and again with a newer snapshot', async () => {
    const { asked, publish } = renderChart([roads])
    expect(asked.times).toBe(0)
    await userEvent.click(screen.getByRole('button', { name: 'Roads' }))
    await screen.findByText('Half give 20% or less.')
    screen.getByText('The middle half lies between 10% and 30%.')
    screen.getByText('1 (25%) give nothing.')
    expect(asked.times).toBe(1)
    publish(2)
    await waitFor(() => {
      expect(asked.times).toBe(2)
    })
  })

  it.each([
    ['mine', 'Mine'],
    ['submission', 'This one'],
  ] as const)('says which bar holds the answer that is %s', async (subject, label) => {
    renderChart([roads], subject)
    await userEvent.click(screen.getByRole('button', { name: 'Roads' }))
    const bars = await screen.findByRole('list', { name: 'How many give how much' })
    const marked = within(bars)
      .getAllByRole('listitem')
      .filter((bar) => bar.textContent.includes(label))
    expect(marked.map((bar) => bar.textContent)).toEqual([expect.stringContaining('25% to 50%: 1')])
  })
})

describe('the table', () => {
  function renderTable(lines: readonly ComparisonLine[]) {
    render(
      <InEnglish>
        <ComparisonTable caption="Where to?" lines={lines} subject="mine" />
      </InEnglish>,
    )
    screen.getByRole('table', { name: 'Where to?' })
    return screen.getAllByRole('columnheader').length
  }

  it('has the numbers of the chart, a row a line', () => {
    expect(renderTable([roads, parks])).toBe(6)
    const cells = within(screen.getByRole('row', { name: /^Parks/ })).getAllByRole('cell')
    expect(cells.map((cell) => cell.textContent)).toEqual(['60.00%', '75.00%', '90.00%', '-15.00', '-15.00'])
  })

  it('has no column without numbers', () => {
    expect(renderTable([{ ...roads, mine: undefined, real: undefined }])).toBe(2)
  })
})
