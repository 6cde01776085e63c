import { useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import { fromPercent } from '../../domain/share'
import { problemOf } from '../../graphql/problem'
import type { ComparisonLine, Subject } from './comparisonLines'
import { DistributionQuery } from '../../live/snapshot'
import { useTexts } from '../../texts/useTexts'
import { LoadingPart } from '../../components/states/LoadingPart'
import { ProblemPart } from '../../components/states/ProblemPart'
import { Histogram } from './Histogram'
import styles from './Distribution.module.css'

interface Props {
  budget: string
  version: number | undefined
  line: ComparisonLine
  subject: Subject
}

/** The distribution of the answers for one line. It is loaded again with every snapshot that is shown. */
export function Distribution({ budget, version, line, subject }: Props) {
  const { distribution: texts, results } = useTexts()
  const [{ data, error }, ask] = useQuery({ query: DistributionQuery, variables: { budget } })

  // useQuery loads it the first time.
  const askedFor = useRef(version)
  useEffect(() => {
    if (askedFor.current === version) return
    askedFor.current = version
    ask({ requestPolicy: 'network-only' })
  }, [ask, version])

  const aggregate = data?.budget?.aggregate
  const spread = aggregate?.categories.find(({ category }) => category.key === line.key)
  if (!spread) {
    return error ? <ProblemPart problem={problemOf(error)} onRetry={ask} /> : <LoadingPart />
  }
  const people = aggregate?.shownParticipantCount ?? 0
  if (people === 0) return <p>{texts.none}</p>
  const { zeroCount } = spread
  return (
    <div className={styles.distribution}>
      <p>
        <span>{texts.median(fromPercent(spread.medianPercent))}</span>{' '}
        <span>
          {texts.middle(fromPercent(spread.lowerQuartilePercent), fromPercent(spread.upperQuartilePercent))}
        </span>{' '}
        <span>{texts.spread(fromPercent(spread.standardDeviation))}</span>{' '}
        {zeroCount !== null && (
          <span>{texts.nothing(zeroCount, Math.round((zeroCount / people) * 10_000))}</span>
        )}
      </p>
      <Histogram
        bins={spread.histogram.map(({ fromPercent: from, toPercent: to, count }) => ({
          from: fromPercent(from),
          to: fromPercent(to),
          count,
        }))}
        mine={line.mine}
        mineLabel={results[subject]}
      />
    </div>
  )
}
