import { useTexts } from '../texts/useTexts'
import hidden from '../styles/hidden.module.css'
import { Loading } from './Loading'

/** Stands in the place of a page that is still coming, which then brings its own heading. */
export function PageLoading() {
  const { site } = useTexts()
  return (
    <>
      <h1 className={hidden.hidden}>{site.name}</h1>
      <Loading />
    </>
  )
}
