import type { Draft } from './draft'
import { mergeDrafts } from './threeWay'

interface Step {
  readonly before: Draft
  readonly after: Draft
  readonly field: string
  readonly at: number
}

/** Changes of one field within this time are one step, so that undo takes back a word and not a letter. */
const SAME_STEP_MS = 1_500
const LONGEST = 200

/** The own changes of a draft. Undoing one keeps what others have changed since. */
export class History {
  #done: Step[] = []
  #undone: Step[] = []

  get canUndo(): boolean {
    return this.#done.length > 0
  }

  get canRedo(): boolean {
    return this.#undone.length > 0
  }

  push(field: string, before: Draft, after: Draft, at: number): void {
    const last = this.#done.at(-1)
    const continues = last?.field === field && at - last.at < SAME_STEP_MS
    if (continues) this.#done.splice(-1, 1, { ...last, after, at })
    else this.#done.push({ before, after, field, at })
    this.#done = this.#done.slice(-LONGEST)
    this.#undone = []
  }

  /** Returns the draft without the last step. */
  undo(current: Draft): Draft {
    const step = this.#done.pop()
    if (!step) return current
    this.#undone.push(step)
    return mergeDrafts(step.after, current, step.before).draft
  }

  redo(current: Draft): Draft {
    const step = this.#undone.pop()
    if (!step) return current
    this.#done.push({ ...step, at: 0 })
    return mergeDrafts(step.before, current, step.after).draft
  }
}
