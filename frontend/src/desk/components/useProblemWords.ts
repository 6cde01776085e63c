import { useMemo } from 'react'
import type { Problem, Violation } from '../../graphql/problem'
import { useLanguage } from '../../texts/useTexts'
import type { Draft } from '../editor/draft'
import { pathName } from '../editor/pathName'
import type { DeskTexts } from '../texts/deskLanguages'
import { useDeskTexts } from '../texts/useDeskTexts'

/** Their messages name the line, the column and the value, which no text of the page can. */
const WITH_DETAILS = new Set(['FILE', 'FORM'])

export interface ProblemWords {
  /** What the server has refused, in a sentence. */
  readonly heading: (problem: Problem) => string
  /** What is wrong, without the name of the field. */
  readonly rule: (violation: Violation) => string
  /** What is wrong, after the name of the field if it is one of a budget. */
  readonly violation: (violation: Violation) => string
}

/** The problems that the server finds, in the reader's language. A problem without a text of its own is said as the server does. */
export function useProblemWords(draft?: Draft): ProblemWords {
  const texts = useDeskTexts()
  const { language } = useLanguage()
  return useMemo(() => {
    const violation = (broken: Violation) => {
      const field = pathName(texts, draft, broken.path.split('.'), language.code)
      const text = ruleText(texts, broken)
      return field === undefined ? text : texts.problems.atField(field, text)
    }
    return {
      rule: (broken) => ruleText(texts, broken),
      violation,
      heading(problem) {
        if (problem.code === 'NO_ANSWER') return texts.problems.noAnswer
        if (problem.code === 'BAD_USER_INPUT') {
          const [first] = problem.violations
          if (!first) return problem.message
          return problem.violations.length === 1 ? violation(first) : texts.problems.refused
        }
        const codes: Readonly<Record<string, string>> = texts.problems.codes
        return codes[problem.code] ?? problem.message
      },
    }
  }, [texts, draft, language])
}

/** A rule may say more of one field than of others: `name.TAKEN` before `TAKEN`. */
export function ruleText(
  { problems }: Pick<DeskTexts, 'problems'>,
  { path, rule, message }: Violation,
): string {
  const rules: Readonly<Record<string, string>> = problems.rules
  const field = path.slice(path.lastIndexOf('.') + 1)
  const text = rules[`${field}.${rule}`] ?? rules[rule]
  if (text === undefined) return message
  return WITH_DETAILS.has(rule) ? `${text} ${message}` : text
}
