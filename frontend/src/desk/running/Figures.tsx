import { useSubscription } from 'urql'
import { useFormat, useLanguage, useTexts } from '../../texts/useTexts'
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
  const { site } = useTexts()
  const { language } = useLanguage()
  const format = useFormat()
  const [{ data, error }] = useSubscription({ query: LiveFigures, variables: { budget: slug } })
  if (!data && error) return <p>{texts.noFigures}</p>
  const live = data?.live
  // The places are there from the beginning, so that what stands below does not jump.
  const count = (value: number | undefined) => (value === undefined ? '–' : format.count(value))
  const perMinute = live?.perMinute ?? []
  const completion = live?.completion ?? null
  return (
    <section className={styles.figures} aria-label={texts.figures}>
      <Tiles>
        <Tile name={texts.participants} value={count(live?.participants)} id="participants" />
        <Tile name={texts.submissions} value={count(live?.submissions)} id="submissions" />
        <Tile name={texts.shown} value={count(live?.shownParticipants)} id="shown" />
        <Tile name={texts.revised} value={count(live?.revised)} id="revised" />
        <Tile name={texts.lastFiveMinutes} value={count(live && sumOf(perMinute.slice(-5)))} id="recent" />
        {completion !== null && (
          <Tile
            name={texts.completion}
            value={format.percent(Math.round(completion * 10_000))}
            id="completion"
          />
        )}
      </Tiles>
      <CountBars
        label={
          live
            ? texts.perMinute(sumOf(perMinute), Math.max(0, ...perMinute.map((minute) => minute.count)))
            : site.loading
        }
        bars={perMinute.map((one) => ({
          key: one.minute,
          title: `${format.minute(new Date(one.minute))}: ${format.count(one.count)}`,
          count: one.count,
        }))}
      />
      {live && live.languages.length > 0 && (
        <p>
          {texts.languages}{' '}
          {live.languages
            .map((one) => `${languageName(one.language, language.code)} ${format.count(one.count)}`)
            .join(', ')}
        </p>
      )}
    </section>
  )
}

function sumOf(minutes: readonly { count: number }[]): number {
  return minutes.reduce((sum, { count }) => sum + count, 0)
}
