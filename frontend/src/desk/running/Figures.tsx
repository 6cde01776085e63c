import { useSubscription } from 'urql'
import { useFormat, useLanguage } from '../../texts/useTexts'
import { CountBars } from '../components/CountBars'
import { Tile, Tiles } from '../components/Tiles'
import { languageName } from '../editor/languageName'
import { useSession } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { LiveFigures } from './runOperations'
import styles from './Figures.module.css'

/** How many take part, now and in the last hour. */
export function Figures({ slug }: { slug: string }) {
  const { signIns } = useSession()
  // A new subscription after signing in again.
  return <LiveFiguresOf key={signIns} slug={slug} />
}

function LiveFiguresOf({ slug }: { slug: string }) {
  const { running: texts } = useDeskTexts()
  const { language } = useLanguage()
  const format = useFormat()
  const [{ data, error }] = useSubscription({ query: LiveFigures, variables: { budget: slug } })
  if (!data) return error ? <p>{texts.noFigures}</p> : null
  const { participants, submissions, shownParticipants, revised, completion, perMinute, languages } =
    data.live
  const recent = sumOf(perMinute.slice(-5))
  return (
    <section className={styles.figures} aria-label={texts.figures}>
      <Tiles>
        <Tile name={texts.participants} value={format.count(participants)} id="participants" />
        <Tile name={texts.submissions} value={format.count(submissions)} id="submissions" />
        <Tile name={texts.shown} value={format.count(shownParticipants)} id="shown" />
        <Tile name={texts.revised} value={format.count(revised)} id="revised" />
        <Tile name={texts.lastFiveMinutes} value={format.count(recent)} id="recent" />
        {completion !== null && (
          <Tile
            name={texts.completion}
            value={format.percent(Math.round(completion * 10_000))}
            id="completion"
          />
        )}
      </Tiles>
      <CountBars
        label={texts.perMinute(sumOf(perMinute), Math.max(0, ...perMinute.map(({ count }) => count)))}
        bars={perMinute.map(({ minute, count }) => ({
          key: minute,
          title: `${format.minute(new Date(minute))}: ${format.count(count)}`,
          count,
        }))}
      />
      {languages.length > 0 && (
        <p>
          {texts.languages}{' '}
          {languages
            .map(({ language: tag, count }) => `${languageName(tag, language.code)} ${format.count(count)}`)
            .join(', ')}
        </p>
      )}
    </section>
  )
}

function sumOf(minutes: readonly { count: number }[]): number {
  return minutes.reduce((sum, { count }) => sum + count, 0)
}
