import type { DeskState } from '../gql/graphql'
import { Tag } from '../components/Tag'
import { useDeskTexts } from '../texts/useDeskTexts'

export function StateTag({ state }: { state: DeskState }) {
  const { states } = useDeskTexts()
  return <Tag kind={state === 'OPEN' ? 'good' : 'plain'}>{states[state]}</Tag>
}
