import { useLocation } from 'wouter'
import { Button } from '../../components/Button'
import { useChange } from '../api/useChange'
import { useBudget } from '../budgets/useBudget'
import actions from '../components/Actions.module.css'
import { ChangeProblem } from '../components/ChangeProblem'
import { ConfirmButton } from '../components/ConfirmButton'
import { draftOf } from '../editor/draft'
import { includes } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { DuplicateButton } from './DuplicateButton'
import {
  ArchiveBudget,
  CloseBudget,
  DeleteBudget,
  OpenBudget,
  PauseBudget,
  ResumeBudget,
} from './runOperations'

/** What can be done with a budget in its state. What can't be undone asks first. */
export function RunControls() {
  const { running: texts } = useDeskTexts()
  const { budget, feed } = useBudget()
  const { slug, state, version } = budget
  const open = useChange(OpenBudget)
  const pause = useChange(PauseBudget)
  const resume = useChange(ResumeBudget)
  const close = useChange(CloseBudget)
  const archive = useChange(ArchiveBudget)
  const remove = useChange(DeleteBudget)
  const [, go] = useLocation()
  const problem = [open, pause, resume, close, archive, remove].find((one) => one.problem)?.problem
  const isBlocked = budget.problems.some((one) => one.blocking)
  const hasNotBegun = state === 'DRAFT' || state === 'SCHEDULED'
  const isRunning = state === 'OPEN' || state === 'PAUSED'

  async function runOpen() {
    const done = await open.run({ budget: slug, version })
    if (done) feed.take(done.openBudget)
  }
  async function runPause() {
    const done = await pause.run({ budget: slug })
    if (done) feed.take(done.pauseBudget)
  }
  async function runResume() {
    const done = await resume.run({ budget: slug })
    if (done) feed.take(done.resumeBudget)
  }
  async function runClose() {
    const done = await close.run({ budget: slug })
    if (done) feed.take(done.closeBudget)
  }
  async function runArchive(archived: boolean) {
    const done = await archive.run({ budget: slug, archived })
    if (done) feed.take(done.archiveBudget)
  }
  async function runRemove() {
    if (await remove.run({ budget: slug })) go('/')
  }

  return (
    <>
      <ChangeProblem problem={problem} draft={draftOf(budget.draft)} />
      <div className={actions.actions}>
        {hasNotBegun && (
          <ConfirmButton
            strong
            label={texts.open}
            question={texts.openQuestion}
            disabled={isBlocked || open.isRunning}
            onConfirm={() => void runOpen()}
          />
        )}
        {state === 'OPEN' && <Button onClick={() => void runPause()}>{texts.pause}</Button>}
        {state === 'PAUSED' && (
          <Button strong onClick={() => void runResume()}>
            {texts.resume}
          </Button>
        )}
        {isRunning && (
          <ConfirmButton
            label={texts.close}
            question={texts.closeQuestion}
            onConfirm={() => void runClose()}
          />
        )}
        {state === 'CLOSED' && <Button onClick={() => void runArchive(true)}>{texts.archive}</Button>}
        {state === 'ARCHIVED' && <Button onClick={() => void runArchive(false)}>{texts.unarchive}</Button>}
        {!hasNotBegun && (
          <a href={`/b/${encodeURIComponent(slug)}/projector`} target="_blank" rel="noreferrer">
            {texts.projector}
          </a>
        )}
        {state !== 'DRAFT' && (
          <a href={`/b/${encodeURIComponent(slug)}`} target="_blank" rel="noreferrer">
            {texts.publicPage}
          </a>
        )}
        <DuplicateButton slug={slug} />
        {state === 'DRAFT' && includes(budget.role, 'ORGANISER') && !budget.isFrozen && (
          <ConfirmButton
            label={texts.remove}
            question={texts.removeQuestion}
            onConfirm={() => void runRemove()}
          />
        )}
      </div>
    </>
  )
}
