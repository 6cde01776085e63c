import { useQuery } from 'urql'
import { useFormat } from '../../texts/useTexts'
import { useChange } from '../api/useChange'
import { ChangeProblem } from '../components/ChangeProblem'
import { ConfirmButton } from '../components/ConfirmButton'
import { DataTable } from '../components/DataTable'
import { QueryState } from '../components/QueryState'
import { useDeskTexts } from '../texts/useDeskTexts'
import { ExclusionsQuery, UndoExclusion } from './answerOperations'
import styles from './Answers.module.css'

interface Props {
  slug: string
  mayUndo: boolean
  onChanged: () => void
}

export function ExclusionList({ slug, mayUndo, onChanged }: Props) {
  const { answers: texts } = useDeskTexts()
  const format = useFormat()
  const [{ data, error }, ask] = useQuery({ query: ExclusionsQuery, variables: { budget: slug } })
  const undo = useChange(UndoExclusion)

  async function run(id: string) {
    if (await undo.run({ id })) onChanged()
  }

  return (
    <section className={styles.part}>
      <h2>{texts.exclusions}</h2>
      <ChangeProblem problem={undo.problem} />
      {data ? (
        <DataTable
          caption={texts.exclusions}
          heads={[texts.reason, texts.count, texts.by, texts.at, texts.state]}
          empty={texts.noExclusions}
          rows={data.exclusions.map(({ id, reason, count, by, at, undoneAt, undoneBy }) => ({
            key: id,
            cells: [
              reason,
              format.count(count),
              by,
              format.day(at),
              undoneAt !== null ? (
                texts.undone(format.day(undoneAt), undoneBy ?? '')
              ) : mayUndo ? (
                <ConfirmButton
                  label={texts.undo}
                  question={texts.undoQuestion(count)}
                  disabled={undo.isRunning}
                  onConfirm={() => {
                    void run(id)
                  }}
                />
              ) : (
                texts.inForce
              ),
            ],
          }))}
        />
      ) : (
        <QueryState
          error={error}
          onRetry={() => {
            ask({ requestPolicy: 'network-only' })
          }}
        />
      )}
    </section>
  )
}
