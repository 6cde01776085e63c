import { Button } from '../../components/Button'
import { useFormat } from '../../texts/useTexts'
import { useChange } from '../api/useChange'
import { ChangeProblem } from '../components/ChangeProblem'
import { ConfirmButton } from '../components/ConfirmButton'
import { DataTable } from '../components/DataTable'
import { Tag } from '../components/Tag'
import { useSession } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { browserName } from './browserName'
import { EndAllSessions, EndSession } from './ownOperations'

/** Where the account is signed in. */
export function SessionList() {
  const { account: texts } = useDeskTexts()
  const format = useFormat()
  const { me, setMe } = useSession()
  const end = useChange(EndSession)
  const endAll = useChange(EndAllSessions)

  async function runEnd(id: string) {
    const done = await end.run({ id })
    if (done) setMe(done.endSession)
  }
  async function runEndAll() {
    const done = await endAll.run({})
    if (done) setMe(done.endAllSessions)
  }

  return (
    <section>
      <h2>{texts.sessions}</h2>
      <ChangeProblem problem={end.problem ?? endAll.problem} />
      <DataTable
        caption={texts.sessions}
        heads={[texts.device, texts.since, texts.seen, texts.until, texts.action]}
        empty={texts.noSessions}
        rows={me.sessions.map(({ id, userAgent, createdAt, lastSeenAt, expiresAt, isThis }) => ({
          key: id,
          cells: [
            <span key="browser" title={userAgent}>
              {browserName(userAgent)}
            </span>,
            format.day(createdAt),
            format.day(lastSeenAt),
            format.day(expiresAt),
            isThis ? (
              <Tag kind="good">{texts.thisSession}</Tag>
            ) : (
              <Button disabled={end.isRunning} onClick={() => void runEnd(id)}>
                {texts.end}
              </Button>
            ),
          ],
        }))}
      />
      {me.sessions.length > 1 && (
        <ConfirmButton
          label={texts.endOthers}
          question={texts.endOthersQuestion}
          onConfirm={() => void runEndAll()}
        />
      )}
    </section>
  )
}
