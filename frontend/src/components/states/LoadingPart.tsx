import { useTexts } from '../../texts/useTexts'

export function LoadingPart() {
  const { site } = useTexts()
  return <p>{site.loading}</p>
}
