import type { Format } from '../../../texts/format'
import { accounts } from './en/accounts'
import { answers } from './en/answers'
import { audit } from './en/audit'
import { budgets } from './en/budgets'
import { common } from './en/common'
import { editor } from './en/editor'
import { operations } from './en/operations'
import { problems } from './en/problems'
import { running } from './en/running'
import { session } from './en/session'
import { statistics } from './en/statistics'

export const texts = (f: Format) => ({
  ...common(f),
  ...problems(f),
  ...session(f),
  ...budgets(),
  ...editor(f),
  ...running(f),
  ...answers(f),
  ...statistics(f),
  ...audit(),
  ...accounts(),
  ...operations(f),
})
