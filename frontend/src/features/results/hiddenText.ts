import type { Format } from '../../texts/format'
import type { Texts } from '../../texts/languages'
import type { ResultVisibility } from '../../gql/graphql'

/** Says when results that are hidden now are shown. */
export function hiddenText(
  { visibility: texts }: Pick<Texts, 'visibility'>,
  format: Format,
  visibility: ResultVisibility,
  closesAt: string | null,
): string {
  return visibility === 'AFTER_TAKING_PART'
    ? texts.afterTakingPart
    : texts.afterClosing(closesAt && format.day(closesAt))
}
