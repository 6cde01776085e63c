import type { Snapshot } from '../../live/snapshot'
import { useTexts } from '../../texts/useTexts'
import { shownPart } from './shownPart'

interface Props {
  snapshot: Snapshot
  publishEvery: number
  isOver: boolean
}

/** Says which part of the answers the averages show, and why not all. */
export function ShownPartNote({ snapshot, publishEvery, isOver }: Props) {
  const { results } = useTexts()
  const part = shownPart(snapshot, publishEvery, isOver)
  switch (part.kind) {
    case 'all':
      return null
    case 'none':
      return <p data-testid="shown">{results.noneShown(publishEvery, part.missing)}</p>
    case 'part':
      return <p data-testid="shown">{results.partShown(part.shown, part.missing)}</p>
    case 'removed':
      return <p data-testid="shown">{results.removedShown}</p>
    case 'rest':
      return <p data-testid="shown">{results.restHeldBack(part.heldBack)}</p>
  }
}
