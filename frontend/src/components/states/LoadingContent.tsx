import { useTexts } from '../../texts/useTexts'
import hidden from '../../styles/hidden.module.css'
import { LoadingPart } from './LoadingPart'

/** The content of a page whose data is being loaded. The hidden heading is replaced by that of the page. */
export function LoadingContent() {
  const { site } = useTexts()
  return (
    <>
      <h1 className={hidden.hidden}>{site.name}</h1>
      <LoadingPart />
    </>
  )
}
