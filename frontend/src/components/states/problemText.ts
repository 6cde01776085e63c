import type { Problem } from '../../graphql/problem'
import type { Format } from '../../texts/format'
import type { Texts } from '../../texts/languages'

/** Says in the reader's language what happened and what to do. */
export function problemText(
  { problem: texts }: Pick<Texts, 'problem'>,
  format: Format,
  problem: Problem,
  now: Date,
): { heading: string; text: string } {
  switch (problem.code) {
    case 'RATE_LIMITED':
    case 'CHALLENGE_REQUIRED':
      return { heading: texts.rateLimited, text: waitText(texts, format, problem.retryAfterSeconds, now) }
    case 'BUDGET_NOT_OPEN':
      return { heading: texts.notOpen, text: texts.notOpenText }
    case 'OVERLOADED':
      return { heading: texts.busy, text: texts.busyText }
    case 'UNAVAILABLE':
      return { heading: texts.unavailable, text: texts.unavailableText }
    case 'NO_ANSWER':
      return { heading: texts.noAnswer, text: texts.noAnswerText }
    case 'BAD_USER_INPUT':
      return { heading: texts.notAccepted, text: problem.violations.length > 0 ? '' : problem.message }
    default:
      return { heading: texts.other, text: problem.message }
  }
}

function waitText(texts: Texts['problem'], format: Format, seconds: number | undefined, now: Date): string {
  if (seconds === undefined) return texts.tryLater
  return texts.tryAt(format.duration(seconds), format.minute(new Date(now.getTime() + seconds * 1000)))
}
