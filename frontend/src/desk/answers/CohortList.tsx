import { useQuery } from 'urql'
import { Button } from '../../components/Button'
import { useFormat } from '../../texts/useTexts'
import { DataTable } from '../components/DataTable'
import { Tag } from '../components/Tag'
import { useDeskTexts } from '../texts/useDeskTexts'
import { ExclusionsQuery } from './answerOperations'
import styles from './Answers.module.css'

interface Props {
  slug: string
  mayExclude: boolean
  onExclude: (cohort: string) => void
}

/** Many new voices of an hour with a network or the shares in common. They count until an organiser excludes them. */
export function CohortList({ slug, mayExclude, onExclude }: Props) {
  const { answers: texts } = useDeskTexts()
  const format = useFormat()
  const [{ data }] = useQuery({ query: ExclusionsQuery, variables: { budget: slug } })
  if (!data) return null
  return (
    <section className={styles.part}>
      <h2>{texts.cohorts}</h2>
      <p>{texts.cohortsText}</p>
      <DataTable
        caption={texts.cohorts}
        heads={[texts.kind, texts.hour, texts.voices, texts.action]}
        empty={texts.noCohorts}
        rows={data.cohorts.map(({ id, kind, hour, voices, excluded, excludable }) => ({
          key: `${kind} ${hour} ${id ?? ''}`,
          cells: [
            texts.cohortKinds[kind],
            format.day(hour),
            format.count(voices),
            excluded > 0 ? (
              <Tag kind="bad">{texts.excludedOf(excluded, voices)}</Tag>
            ) : excludable && id !== null && mayExclude ? (
              <Button
                onClick={() => {
                  onExclude(id)
                }}
              >
                {texts.exclude}
              </Button>
            ) : (
              !excludable && texts.noAddress
            ),
          ],
        }))}
      />
    </section>
  )
}
