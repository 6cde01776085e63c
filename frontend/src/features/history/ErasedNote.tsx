import { Note } from '../../components/Note'
import { useTexts } from '../../texts/useTexts'

/** What was erased, and what the published averages may still contain. */
export function ErasedNote({ submissions }: { submissions: number }) {
  const { myData: texts } = useTexts()
  if (submissions === 0) return <Note kind="plain" heading={texts.nothingErased} focus />
  return (
    <Note kind="good" heading={texts.erased} focus>
      <p>{texts.erasedText(submissions)}</p>
      <p>{texts.averages}</p>
    </Note>
  )
}
