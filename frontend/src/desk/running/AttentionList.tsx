import { useQuery } from 'urql'
import { Note } from '../../components/Note'
import { useFormat } from '../../texts/useTexts'
import { useDeskTexts } from '../texts/useDeskTexts'
import { AttentionQuery } from './runOperations'

/** What an organiser should look at now. */
export function AttentionList({ slug }: { slug: string }) {
  const { running: texts } = useDeskTexts()
  const format = useFormat()
  const [{ data }] = useQuery({ query: AttentionQuery, variables: { budget: slug } })
  if (!data || data.attention.length === 0) return null
  return (
    <Note kind="problem" heading={texts.attention}>
      <ul>
        {data.attention.map(({ kind, at }) => (
          <li key={kind}>
            {texts.attentionKinds[kind]} ({format.day(at)})
          </li>
        ))}
      </ul>
    </Note>
  )
}
