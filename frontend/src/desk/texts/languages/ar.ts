import type { Format } from '../../../texts/format'
import type { DeskTexts } from '../deskLanguages'
import { accounts } from './ar/accounts'
import { answers } from './ar/answers'
import { audit } from './ar/audit'
import { budgets } from './ar/budgets'
import { common } from './ar/common'
import { editor } from './ar/editor'
import { operations } from './ar/operations'
import { problems } from './ar/problems'
import { running } from './ar/running'
import { session } from './ar/session'
import { statistics } from './ar/statistics'

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
