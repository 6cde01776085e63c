import type { Format } from '../../../texts/format'
import type { DeskTexts } from '../deskLanguages'
import { accounts } from './es/accounts'
import { answers } from './es/answers'
import { audit } from './es/audit'
import { budgets } from './es/budgets'
import { common } from './es/common'
import { editor } from './es/editor'
import { operations } from './es/operations'
import { problems } from './es/problems'
import { running } from './es/running'
import { session } from './es/session'
import { statistics } from './es/statistics'

export const texts = (f: Format): DeskTexts => ({
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
