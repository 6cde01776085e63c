import { useTexts } from '../texts/useTexts'

export function Loading() {
  const { site } = useTexts()
  return <p>{site.loading}</p>
}
