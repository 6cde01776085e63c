import { describe, expect, it } from 'vitest'
import { draftOf, draftReducer, unreadable, type Draft, type DraftAction } from './draft'

const start = draftOf({ a: 1000, b: 2000 })

describe('a draft', () => {
  it('takes over what is typed as soon as it is a share, and keeps the text meanwhile', () => {
    const draft = draftReducer(start, { type: 'typed', key: 'a', text: '12,' })
    expect(draft.allocation).toEqual({ a: 1200, b: 2000 })
    expect(draft.typed).toEqual({ a: '12,' })
  })

  it('keeps the last share while the text is none, and says so', () => {
    const draft = draftReducer(start, { type: 'typed', key: 'a', text: '12x' })
    expect(draft.allocation).toEqual(start.allocation)
    expect(unreadable(draft)).toEqual(['a'])
  })

  it('tidies the text on leaving the field, unless it is a mistake', () => {
    const good = draftReducer(start, { type: 'typed', key: 'a', text: '12,50' })
    expect(draftReducer(good, { type: 'left', key: 'a' }).typed).toEqual({})
    const bad = draftReducer(start, { type: 'typed', key: 'a', text: '12x' })
    expect(unreadable(draftReducer(bad, { type: 'left', key: 'a' }))).toEqual(['a'])
  })

  it('forgets a mistake when the row is set another way', () => {
    const bad = draftReducer(start, { type: 'typed', key: 'a', text: '12x' })
    const draft = draftReducer(bad, { type: 'set', key: 'a', share: 500 })
    expect(draft).toMatchObject({ allocation: { a: 500, b: 2000 }, typed: {} })
  })

  it('never moves another row, and keeps a row between 0 and 100 %', () => {
    expect(draftReducer(start, { type: 'set', key: 'a', share: 10_100 }).allocation).toEqual({
      a: 10_000,
      b: 2000,
    })
    expect(draftReducer(start, { type: 'set', key: 'a', share: -100 }).allocation).toEqual({ a: 0, b: 2000 })
  })

  it('is rebalanced without its locked rows', () => {
    const locked = draftReducer(start, { type: 'lock-toggled', key: 'b' })
    const draft = draftReducer(locked, { type: 'rebalanced', mode: 'evenly' })
    expect(draft.allocation).toEqual({ a: 8000, b: 2000 })
    expect(draftReducer(draft, { type: 'lock-toggled', key: 'b' }).locked).toEqual([])
  })
})

describe('one step back', () => {
  const step = (from: Draft, ...actions: DraftAction[]) => actions.reduce(draftReducer, from)

  it('leads to before a command', () => {
    const draft = step(start, { type: 'settled-on', key: 'a' }, { type: 'undone' })
    expect(draft.allocation).toEqual(start.allocation)
    expect(step(draft, { type: 'undone' })).toBe(draft)
  })

  it('takes all moves of one row as one', () => {
    const draft = step(
      start,
      { type: 'set', key: 'b', share: 100 },
      { type: 'set', key: 'a', share: 1100 },
      { type: 'set', key: 'a', share: 1200 },
      { type: 'typed', key: 'a', text: '30' },
      { type: 'undone' },
    )
    expect(draft.allocation).toEqual({ a: 1000, b: 100 })
  })

  it('is not used up by a command that changes nothing', () => {
    const whole = step(start, { type: 'rebalanced', mode: 'evenly' }, { type: 'rebalanced', mode: 'evenly' })
    expect(step(whole, { type: 'undone' }).allocation).toEqual(start.allocation)
  })
})
