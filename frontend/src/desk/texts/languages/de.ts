import type { Format } from '../../../texts/format'
import type { DeskTexts } from '../deskLanguages'
import { accounts } from './de/accounts'
import { answers } from './de/answers'
import { audit } from './de/audit'
import { budgets } from './de/budgets'
import { common } from './de/common'
import { editor } from './de/editor'
import { operations } from './de/operations'
import { problems } from './de/problems'
import { running } from './de/running'
import { session } from './de/session'
import { statistics } from './de/statistics'

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
