import type { Problem } from '../../graphql/problem'
import type { Texts } from '../../texts/languages'

/** What is wrong with the code itself, in the reader's language. Undefined where something else went wrong. */
export function codeMistake({ code: texts }: Pick<Texts, 'code'>, problem: Problem): string | undefined {
  const rule = problem.violations.find(({ path }) => path === 'code')?.rule
  if (rule === undefined) return undefined
  return rule === 'CODE_UNKNOWN' ? texts.unknown : texts.noCode
}
