import type { Snapshot } from '../../live/snapshot'

/** How much of what is counted is in the averages. */
export type ShownPart =
  /** Everything, as far as the counts tell. */
  | { readonly kind: 'all' }
  /** Nothing yet: so many more answers are needed. */
  | { readonly kind: 'none'; readonly missing: number }
  /** A part: the rest is shown after at most so many more new answers. */
  | { readonly kind: 'part'; readonly shown: number; readonly missing: number }
  /** Answers that were erased or excluded are still shown. */
  | { readonly kind: 'removed' }
  /** A part, and the budget has closed: at least so many answers will never be shown. */
  | { readonly kind: 'rest'; readonly heldBack: number }

export function shownPart(
  snapshot: Pick<Snapshot, 'participantCount' | 'shownParticipantCount'>,
  publishEvery: number,
  isOver: boolean,
): ShownPart {
  const { participantCount, shownParticipantCount: shown } = snapshot
  // The new answers less the removed ones that are still shown. So at least as many new ones are held back.
  const heldBack = participantCount - shown
  if (heldBack < 0) return { kind: 'removed' }
  if (heldBack === 0) return { kind: 'all' }
  if (isOver) return { kind: 'rest', heldBack }
  const missing = Math.max(1, publishEvery - heldBack)
  return shown > 0 ? { kind: 'part', shown, missing } : { kind: 'none', missing }
}
