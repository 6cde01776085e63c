import { nameOf } from '../texts/languages'
import { useLanguage } from '../texts/useTexts'

/** Says that the chosen language could not be loaded. */
export function LanguageFailure() {
  const { language, failed } = useLanguage()
  return <p role="status">{failed !== undefined && language.texts.site.languageFailed(nameOf(failed))}</p>
}
