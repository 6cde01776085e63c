import { useLocation } from 'wouter'
import { Button } from '../../components/Button'
import { useChange } from '../api/useChange'
import { ChangeProblem } from '../components/ChangeProblem'
import { budgetPath } from '../paths'
import { useDeskTexts } from '../texts/useDeskTexts'
import { DuplicateBudget } from './runOperations'

/** Makes a copy without answers, in which everything can be changed. */
export function DuplicateButton({ slug }: { slug: string }) {
  const { running: texts } = useDeskTexts()
  const duplicate = useChange(DuplicateBudget)
  const [, go] = useLocation()

  async function run() {
    const made = await duplicate.run({ input: { copyOf: slug } })
    if (made) go(budgetPath(made.createBudget.slug, 'edit'))
  }

  return (
    <>
      <Button
        disabled={duplicate.isRunning}
        onClick={() => {
          void run()
        }}
      >
        {texts.duplicate}
      </Button>
      <ChangeProblem problem={duplicate.problem} />
    </>
  )
}
