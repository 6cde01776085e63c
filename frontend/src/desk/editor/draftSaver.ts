import type { Problem } from '../../graphql/problem'
import { scheduleRetry } from '../../graphql/retrySchedule'
import type { Draft } from './draft'
import { draftOf } from './draft'
import type { DraftStorage } from './draftStorage'
import { History } from './history'
import { isEqual, mergePatch, type JsonObject } from './json'
import { mergeDrafts, withValueAt, type Conflict } from './threeWay'

/** The draft as the server has it. */
export interface Saved {
  readonly version: number
  readonly draft: Draft
}

export type Outcome =
  | { readonly kind: 'saved'; readonly saved: Saved }
  /** Somebody else has changed the same; `saved` is what is there now. */
  | { readonly kind: 'conflict'; readonly saved: Saved }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'no-answer' }

/** Sends a merge patch. It may reject; then the outcome is unknown and the patch is sent again. */
export type Send = (slug: string, version: number, patch: JsonObject) => Promise<Outcome>

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'offline' | 'signed-out' | 'refused' | 'conflict'

export interface Editing {
  readonly draft: Draft
  readonly state: SaveState
  readonly conflicts: readonly Conflict[]
  /** Why the server has refused the last change. */
  readonly problem: Problem | undefined
  readonly canUndo: boolean
  readonly canRedo: boolean
}

/** How long nothing must have been typed before it is sent. */
const QUIET_MS = 600

/**
 * A draft that is saved as it is typed. What the server has not acknowledged is in the storage of the browser, and is
 * sent again until it is acknowledged, so that a lost network, an ended session or a closed tab loses nothing.
 */
export class DraftSaver {
  readonly #send: Send
  readonly #storage: DraftStorage
  readonly #history = new History()
  readonly #listeners = new Set<() => void>()
  #saved: Saved
  #mine: Draft
  /** What the draft in the storage was made of. While a conflict is open, it is older than what is saved. */
  #base: Draft
  /** Another tab may have put its draft into the same storage, which is not removed. */
  #hasKept = false
  #state: SaveState = 'saved'
  #conflicts: readonly Conflict[] = []
  #problem: Problem | undefined
  #isSending = false
  /** What was pushed while a change was on its way. */
  #pushed: Saved | undefined
  #attempt = 0
  #cancelWait: () => void = () => undefined
  #current: Editing

  constructor(saved: Saved, send: Send, storage: DraftStorage) {
    this.#send = send
    this.#storage = storage
    this.#saved = saved
    this.#mine = saved.draft
    this.#base = saved.draft
    const kept = storage.read()
    if (kept) {
      this.#hasKept = true
      this.#base = draftOf(kept.base)
      const { draft, conflicts } = mergeDrafts(this.#base, draftOf(kept.mine), saved.draft)
      this.#mine = draft
      this.#conflicts = conflicts
    }
    this.#current = this.#view()
    this.#afterChange()
  }

  readonly current = (): Editing => this.#current

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Changes the draft. Changes of the same field in a row are undone together. */
  edit(field: string, change: (draft: Draft) => Draft): void {
    const before = this.#mine
    this.#mine = change(before)
    if (isEqual(before, this.#mine)) return
    this.#history.push(field, before, this.#mine, Date.now())
    this.#afterChange()
  }

  undo(): void {
    this.#mine = this.#history.undo(this.#mine)
    this.#afterChange()
  }

  redo(): void {
    this.#mine = this.#history.redo(this.#mine)
    this.#afterChange()
  }

  /** Takes in what the server has now, by a push or a reload. An older version than the known one changes nothing. */
  receive(saved: Saved): void {
    if (saved.version <= this.#saved.version) return
    if (this.#isSending) {
      // It may be the own change, whose answer is still on its way.
      this.#pushed = saved
      return
    }
    this.#mergeIn(saved)
    this.#afterChange()
  }

  /** Ends a conflict by one of the two values. */
  resolve(conflict: Conflict, choice: 'mine' | 'theirs'): void {
    this.#conflicts = this.#conflicts.filter((one) => one !== conflict)
    if (choice === 'theirs') this.#mine = withValueAt(this.#mine, conflict.path, conflict.theirs)
    this.#afterChange()
  }

  /** Sends at once what waits: after signing in again, or before leaving the page. */
  readonly flush = (): void => {
    this.#cancelWait()
    void this.#save()
  }

  /** Ends the timers. What is unsaved stays in the storage. */
  close(): void {
    this.#cancelWait()
    this.#listeners.clear()
  }

  #afterChange(): void {
    this.#problem = undefined
    this.#cancelWait()
    if (isEqual(this.#mine, this.#saved.draft)) {
      this.#conflicts = []
      this.#base = this.#saved.draft
      if (this.#hasKept) this.#storage.remove()
      this.#hasKept = false
      this.#show('saved')
      return
    }
    // A page that is opened again finds an undecided conflict again, and does not save mine over theirs.
    if (this.#conflicts.length === 0) this.#base = this.#saved.draft
    this.#storage.write({ base: this.#base, mine: this.#mine })
    this.#hasKept = true
    if (this.#conflicts.length > 0) {
      this.#show('conflict')
      return
    }
    this.#show(this.#state === 'offline' || this.#state === 'signed-out' ? this.#state : 'unsaved')
    const timer = setTimeout(() => {
      void this.#save()
    }, QUIET_MS)
    this.#cancelWait = () => {
      clearTimeout(timer)
    }
  }

  async #save(): Promise<void> {
    if (this.#isSending || this.#conflicts.length > 0 || isEqual(this.#mine, this.#saved.draft)) return
    this.#isSending = true
    const sent = this.#mine
    const { version, draft } = this.#saved
    this.#show(this.#attempt > 0 ? this.#state : 'saving')
    const patch = mergePatch(draft as unknown as JsonObject, sent as unknown as JsonObject)
    const outcome = await this.#send(draft.slug, version, patch).catch((): Outcome => ({ kind: 'no-answer' }))
    this.#isSending = false
    this.#take(outcome, sent)
    const pushed = this.#pushed
    this.#pushed = undefined
    if (pushed) this.receive(pushed)
  }

  #take(outcome: Outcome, sent: Draft): void {
    switch (outcome.kind) {
      case 'saved': {
        this.#attempt = 0
        this.#state = 'saved'
        // What was typed meanwhile is kept, and so is what others have changed. Both may have changed the same.
        this.#mergeIn(outcome.saved, sent)
        this.#afterChange()
        return
      }
      case 'conflict':
        this.#state = 'unsaved'
        this.#mergeIn(outcome.saved)
        this.#afterChange()
        return
      case 'refused':
        this.#problem = outcome.problem
        this.#show('refused')
        return
      case 'signed-out':
        this.#show('signed-out')
        return
      case 'no-answer':
        this.#show('offline')
        this.#cancelWait()
        this.#cancelWait = scheduleRetry(this.#attempt, () => {
          void this.#save()
        })
        this.#attempt += 1
    }
  }

  #mergeIn(saved: Saved, base = this.#saved.draft): void {
    const { draft, conflicts } = mergeDrafts(base, this.#mine, saved.draft)
    // A field in conflict keeps my value until it is decided, also if a third change of it arrives.
    const open = this.#conflicts.filter((one) => !conflicts.some((other) => isEqual(other.path, one.path)))
    this.#saved = saved
    this.#mine = draft
    this.#conflicts = [...open, ...conflicts]
  }

  #show(state: SaveState): void {
    this.#state = state
    this.#current = this.#view()
    this.#listeners.forEach((listener) => {
      listener()
    })
  }

  #view(): Editing {
    return {
      draft: this.#mine,
      state: this.#state,
      conflicts: this.#conflicts,
      problem: this.#problem,
      canUndo: this.#history.canUndo,
      canRedo: this.#history.canRedo,
    }
  }
}
