import type { Snapshot } from '../../live/snapshot'

/** How much of what is counted is in the averages. */
export type ShownPart =
  /** Everything. */
  | { readonly kind: 'all' }
  /** Nothing yet: so many more answers are needed. */
  | { readonly kind: 'none'; readonly missing: number }
  /** A part: the rest is shown when so many more answers are in. */
  | { readonly kind: 'part'; readonly shown: number; readonly missing: number }
  /** A part, and the budget has closed: so many answers will never be shown. */
  | { readonly kind: 'rest'; readonly heldBack: number }

export function shownPart(
  snapshot: Pick<Snapshot, 'participantCount' | 'shownParticipantCount'>,
  publishEvery: number,
  isOver: boolean,
): ShownPart {
  const { participantCount, shownParticipantCount: shown } = snapshot
  const heldBack = participantCount - shown
  if (heldBack <= 0) return { kind: 'all' }
  if (isOver) return { kind: 'rest', heldBack }
  // Erased answers are held back as well, and make the difference smaller.
  const missing = Math.max(1, publishEvery - heldBack)
  return shown > 0 ? { kind: 'part', shown, missing } : { kind: 'none', missing }
}
