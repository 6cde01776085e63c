import { PageLink } from '../../routing/PageLink'
import { resultPath } from '../../routing/routes'
import { useFormat, useTexts } from '../../texts/useTexts'
import { Note } from '../Note'
import { ShareLink } from '../ShareLink'

interface Props {
  id: string
  replaced: boolean
  remembered: boolean
  closesAt: string | null
}

export function CountedNote({ id, replaced, remembered, closesAt }: Props) {
  const { form } = useTexts()
  const format = useFormat()
  return (
    <Note kind="good" heading={form.counted} focus>
      {replaced && <p>{form.replaced}</p>}
      <p>{remembered ? form.countedRemembered(closesAt && format.day(closesAt)) : form.countedAnonymous}</p>
      <p>
        <PageLink href={resultPath(id)}>{form.resultLink}</PageLink>
      </p>
      <ShareLink path={resultPath(id)} />
    </Note>
  )
}
