import { PageLink } from '../../routing/PageLink'
import { resultPath } from '../../routing/routes'
import { Note } from '../Note'
import { useTexts } from '../../texts/useTexts'

interface Props {
  id: string
  replaced: boolean
  remembered: boolean
}

export function CountedNote({ id, replaced, remembered }: Props) {
  const { form } = useTexts()
  return (
    <Note kind="good" heading={form.counted} focus>
      {replaced && <p>{form.replaced}</p>}
      <p>{remembered ? form.countedRemembered : form.countedAnonymous}</p>
      <p>
        <PageLink href={resultPath(id)}>{form.resultLink}</PageLink>
      </p>
    </Note>
  )
}
