import { useState } from 'react'
import { Button } from '../../components/Button'
import { useFormat } from '../../texts/useTexts'
import { useChange } from '../api/useChange'
import { useBudget } from '../budgets/useBudget'
import { ChangeProblem } from '../components/ChangeProblem'
import { Form } from '../components/Form'
import { SelectField } from '../components/SelectField'
import { TextField } from '../components/TextField'
import { useDeskTexts } from '../texts/useDeskTexts'
import { draftOf } from '../editor/draft'
import { ownTimeZone, timeZones } from './timeZones'
import { ScheduleBudget } from './runOperations'
import styles from './Schedule.module.css'

/** When the budget opens and closes, in the time zone of the budget and in that of the browser. */
export function Schedule() {
  const { running: texts } = useDeskTexts()
  const format = useFormat()
  const { budget, feed } = useBudget()
  const [timeZone, setTimeZone] = useState(
    // A budget that was never scheduled has the default of the server, and an organiser means the own clock.
    budget.opensAt === null && budget.closesAt === null && budget.timeZone === 'UTC'
      ? ownTimeZone()
      : budget.timeZone,
  )
  const [opensAt, setOpensAt] = useState(budget.opensAtLocal?.text ?? '')
  const [closesAt, setClosesAt] = useState(budget.closesAtLocal?.text ?? '')
  const schedule = useChange(ScheduleBudget)

  /** A time that is not sent stays as it is, also the second one of the hour that comes twice. */
  const isChanged = (now: { text: string } | null, typed: string) =>
    typed !== (now?.text ?? '') || timeZone !== budget.timeZone

  /** Says which one is meant of a time that the clocks show twice. */
  const note = (time: { offset: string; note: string | null } | null) =>
    time?.note ? texts.twice(time.offset) : ''

  async function submit() {
    const done = await schedule.run({
      input: {
        budget: budget.slug,
        version: budget.version,
        ...(isChanged(budget.opensAtLocal, opensAt) && { opensAt: opensAt === '' ? null : opensAt }),
        ...(isChanged(budget.closesAtLocal, closesAt) && { closesAt: closesAt === '' ? null : closesAt }),
        timeZone,
      },
    })
    if (done) feed.take(done.scheduleBudget)
  }

  return (
    <section className={styles.schedule}>
      <h2>{texts.schedule}</h2>
      <Form onSubmit={submit}>
        <ChangeProblem problem={schedule.problem} draft={draftOf(budget.draft)} />
        <div className={styles.row}>
          <TextField
            type="datetime-local"
            label={texts.opensAt}
            value={opensAt}
            onChange={setOpensAt}
            hint={
              budget.opensAt === null
                ? texts.opensByHand
                : `${texts.inYourZone(format.day(budget.opensAt), ownTimeZone())} ${note(budget.opensAtLocal)}`
            }
          />
          <TextField
            type="datetime-local"
            label={texts.closesAt}
            value={closesAt}
            onChange={setClosesAt}
            hint={
              budget.closesAt === null
                ? texts.closesByHand
                : `${texts.inYourZone(format.day(budget.closesAt), ownTimeZone())} ${note(budget.closesAtLocal)}`
            }
          />
          <SelectField
            label={texts.timeZone}
            value={timeZone}
            options={timeZones(timeZone)}
            nameOf={(zone) => zone}
            onChange={setTimeZone}
            hint={texts.timeZoneHint}
          />
        </div>
        <p>
          <Button type="submit" disabled={schedule.isRunning}>
            {texts.saveSchedule}
          </Button>
        </p>
      </Form>
    </section>
  )
}
