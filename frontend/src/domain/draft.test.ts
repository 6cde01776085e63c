import { describe, expect, it } from 'vitest'
import { draftOf, draftReducer, unreadable } from './draft'

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
    expect(draft).toEqual(draftOf({ a: 500, b: 2000 }))
  })

  it('never moves another row, and keeps a row between 0 and 100 %', () => {
    expect(draftReducer(start, { type: 'set', key: 'a', share: 10_100 }).allocation).toEqual({
      a: 10_000,
      b: 2000,
    })
    expect(draftReducer(start, { type: 'set', key: 'a', share: -100 }).allocation).toEqual({ a: 0, b: 2000 })
  })

  it('settles to exactly 100 %', () => {
    expect(draftReducer(start, { type: 'settled' }).allocation).toEqual({ a: 4500, b: 5500 })
  })
})
