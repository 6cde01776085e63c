// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Problem } from '../../graphql/problem'
import { DraftSaver, type Outcome, type Saved } from './draftSaver'
import type { DraftStorage, KeptDraft } from './draftStorage'
import type { JsonObject } from './json'
import { testDraft } from './testDraft'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

interface Request {
  readonly version: number
  readonly patch: JsonObject
  readonly answer: (outcome: Outcome) => Promise<void>
}

function fakeStorage(): DraftStorage & { kept: KeptDraft | undefined } {
  return {
    kept: undefined,
    read() {
      return this.kept
    },
    write(value) {
      this.kept = value
    },
    remove() {
      this.kept = undefined
    },
  }
}

function start(storage = fakeStorage(), saved: Saved = { version: 1, draft: testDraft() }) {
  const requests: Request[] = []
  const saver = new DraftSaver(
    saved,
    (_, version, patch) =>
      new Promise((resolve) => {
        requests.push({
          version,
          patch,
          answer: async (outcome) => {
            resolve(outcome)
            await vi.advanceTimersByTimeAsync(0)
          },
        })
      }),
    storage,
  )
  const type = (title: string) => {
    saver.edit('title', (draft) => ({ ...draft, title }))
  }
  const sent = async () => {
    await vi.advanceTimersByTimeAsync(700)
    const last = requests.at(-1)
    if (!last) throw new Error('nothing was sent')
    return last
  }
  return { saver, storage, requests, type, sent }
}

it('sends what was typed once the typing has stopped, and then nothing is kept in the browser', async () => {
  const { saver, storage, requests, type, sent } = start()
  type('A')
  type('AB')
  expect(saver.current().state).toBe('unsaved')
  expect(storage.kept).toBeDefined()
  const request = await sent()
  expect(saver.current().state).toBe('saving')
  expect(requests).toHaveLength(1)
  expect(request).toMatchObject({ version: 1, patch: { title: 'AB' } })
  await request.answer({ kind: 'saved', saved: { version: 2, draft: testDraft({ title: 'AB' }) } })
  expect(saver.current().state).toBe('saved')
  expect(storage.kept).toBeUndefined()
})

it('keeps what is typed while a change is on its way, and sends it next', async () => {
  const { saver, type, sent } = start()
  type('A')
  const first = await sent()
  type('AB')
  await first.answer({ kind: 'saved', saved: { version: 2, draft: testDraft({ title: 'A' }) } })
  expect(saver.current().draft.title).toBe('AB')
  expect(await sent()).toMatchObject({ version: 2, patch: { title: 'AB' } })
})

it('keeps sending while the server does not answer, and says so', async () => {
  const { saver, storage, requests, type, sent } = start()
  type('A')
  await (await sent()).answer({ kind: 'no-answer' })
  expect(saver.current().state).toBe('offline')
  expect(storage.kept).toBeDefined()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(requests).toHaveLength(2)
  expect(saver.current().state).toBe('offline')
  await requests[1]?.answer({ kind: 'saved', saved: { version: 2, draft: testDraft({ title: 'A' }) } })
  expect(saver.current().state).toBe('saved')
})

it('waits while nobody is signed in, and saves after signing in', async () => {
  const { saver, requests, type, sent } = start()
  type('A')
  await (await sent()).answer({ kind: 'signed-out' })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(saver.current().state).toBe('signed-out')
  expect(requests).toHaveLength(1)
  saver.flush()
  expect(requests[1]).toMatchObject({ patch: { title: 'A' } })
})

it('takes up what a closed tab has left, and sends it', async () => {
  const { storage, type } = start()
  type('Left behind')
  const { saver, sent } = start(storage, { version: 5, draft: testDraft({ currency: 'CHF' }) })
  expect(saver.current().draft).toMatchObject({ title: 'Left behind', currency: 'CHF' })
  expect(await sent()).toMatchObject({ version: 5, patch: { title: 'Left behind' } })
})

it('merges what another organiser has changed meanwhile', async () => {
  const { saver, type, sent } = start()
  type('Mine')
  saver.receive({ version: 2, draft: testDraft({ currency: 'CHF' }) })
  expect(saver.current().draft).toMatchObject({ title: 'Mine', currency: 'CHF' })
  expect(await sent()).toMatchObject({ version: 2, patch: { title: 'Mine' } })
})

it('asks about a field that both have changed, and saves nothing before', async () => {
  const { saver, requests, type, sent } = start()
  type('Mine')
  const request = await sent()
  await request.answer({ kind: 'conflict', saved: { version: 2, draft: testDraft({ title: 'Theirs' }) } })
  expect(saver.current().state).toBe('conflict')
  expect(saver.current().draft.title).toBe('Mine')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(requests).toHaveLength(1)
  const [conflict] = saver.current().conflicts
  if (!conflict) throw new Error('no conflict')
  saver.resolve(conflict, 'mine')
  expect(await sent()).toMatchObject({ version: 2, patch: { title: 'Mine' } })
})

it('asks again about an undecided conflict after the page was closed', async () => {
  const { saver, storage, type, sent } = start()
  type('Mine')
  const theirs = { version: 2, draft: testDraft({ title: 'Theirs', currency: 'CHF' }) }
  await (await sent()).answer({ kind: 'conflict', saved: theirs })
  expect(saver.current().state).toBe('conflict')
  const again = start(storage, theirs)
  expect(again.saver.current()).toMatchObject({
    state: 'conflict',
    conflicts: [{ path: ['title'], mine: 'Mine', theirs: 'Theirs' }],
    draft: { title: 'Mine', currency: 'CHF' },
  })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(again.requests).toHaveLength(0)
})

it('asks about a field that was typed in during a save, if another organiser has changed it in that save', async () => {
  const { saver, type, sent } = start()
  saver.edit('currency', (draft) => ({ ...draft, currency: 'CHF' }))
  const request = await sent()
  type('Mine')
  await request.answer({
    kind: 'saved',
    saved: { version: 3, draft: testDraft({ currency: 'CHF', title: 'Theirs' }) },
  })
  expect(saver.current()).toMatchObject({
    state: 'conflict',
    conflicts: [{ path: ['title'], mine: 'Mine', theirs: 'Theirs' }],
  })
})

it('leaves the draft of another tab in the storage', () => {
  const { storage, type } = start()
  const { saver } = start({ ...storage, read: () => undefined, remove: () => (storage.kept = undefined) })
  type('In the other tab')
  saver.receive({ version: 2, draft: testDraft({ currency: 'CHF' }) })
  expect(saver.current().state).toBe('saved')
  expect(storage.kept).toMatchObject({ mine: { title: 'In the other tab' } })
})

it('takes theirs where that is chosen', async () => {
  const { saver, type, sent } = start()
  type('Mine')
  await (
    await sent()
  ).answer({ kind: 'conflict', saved: { version: 2, draft: testDraft({ title: 'Theirs' }) } })
  const [conflict] = saver.current().conflicts
  if (!conflict) throw new Error('no conflict')
  saver.resolve(conflict, 'theirs')
  expect(saver.current()).toMatchObject({ state: 'saved', draft: { title: 'Theirs' } })
})

it('a change whose answer was lost is no conflict when it is sent again', async () => {
  const { saver, requests, type, sent } = start()
  type('Mine')
  await (await sent()).answer({ kind: 'no-answer' })
  await vi.advanceTimersByTimeAsync(20_000)
  await requests[1]?.answer({ kind: 'conflict', saved: { version: 2, draft: testDraft({ title: 'Mine' }) } })
  expect(saver.current()).toMatchObject({ state: 'saved', conflicts: [] })
})

it('an older push than what is known changes nothing', () => {
  const { saver } = start(fakeStorage(), { version: 7, draft: testDraft({ title: 'New' }) })
  saver.receive({ version: 6, draft: testDraft({ title: 'Old' }) })
  expect(saver.current().draft.title).toBe('New')
})

it('a push during a save is taken in after it', async () => {
  const { saver, type, sent } = start()
  type('Mine')
  const request = await sent()
  saver.receive({ version: 3, draft: testDraft({ title: 'Mine', currency: 'CHF' }) })
  await request.answer({ kind: 'saved', saved: { version: 2, draft: testDraft({ title: 'Mine' }) } })
  expect(saver.current()).toMatchObject({ state: 'saved', draft: { title: 'Mine', currency: 'CHF' } })
})

it('undo takes back my step and keeps what others have changed since', () => {
  const { saver, type } = start()
  type('Mine')
  saver.receive({ version: 2, draft: testDraft({ currency: 'CHF' }) })
  saver.undo()
  expect(saver.current().draft).toMatchObject({ title: testDraft().title, currency: 'CHF' })
  expect(saver.current()).toMatchObject({ state: 'saved', canUndo: false, canRedo: true })
  saver.redo()
  expect(saver.current().draft).toMatchObject({ title: 'Mine', currency: 'CHF' })
})

it('letters of one word are one step back, and another field is another step', async () => {
  const { saver, type } = start()
  type('M')
  type('Mi')
  saver.edit('currency', (draft) => ({ ...draft, currency: 'CHF' }))
  await vi.advanceTimersByTimeAsync(2_000)
  type('Min')
  const titles = [0, 1, 2].map(() => {
    saver.undo()
    return `${saver.current().draft.title} ${saver.current().draft.currency}`
  })
  expect(titles).toEqual(['Mi CHF', 'Mi USD', `${testDraft().title} USD`])
})

it('says why the server refuses a change, and sends the next one', async () => {
  const { saver, type, sent } = start()
  const problem: Problem = {
    code: 'BAD_USER_INPUT',
    message: 'No.',
    violations: [],
    retryAfterSeconds: undefined,
    mayRetry: false,
  }
  type('Mine')
  await (await sent()).answer({ kind: 'refused', problem })
  expect(saver.current()).toMatchObject({ state: 'refused', problem: { message: 'No.' } })
  type('Better')
  expect(saver.current().problem).toBeUndefined()
  expect(await sent()).toMatchObject({ patch: { title: 'Better' } })
})
