import type { Format } from '../../../texts/format'
import type { DeskTexts } from '../deskLanguages'
import { accounts } from './fr/accounts'
import { answers } from './fr/answers'
import { audit } from './fr/audit'
import { budgets } from './fr/budgets'
import { common } from './fr/common'
import { editor } from './fr/editor'
import { operations } from './fr/operations'
import { problems } from './fr/problems'
import { running } from './fr/running'
import { session } from './fr/session'
import { statistics } from './fr/statistics'

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
