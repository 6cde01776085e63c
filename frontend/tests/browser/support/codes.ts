import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { BINARY, TestServer } from '../../support/server'

/** A server whose budget is answered by code, and codes for it. */
export async function serverByCode(count: number): Promise<{ server: TestServer; codes: string[] }> {
  const server = await TestServer.start()
  onTestFinished(() => server.remove())
  await server.down()
  const database = ['--database-url', `sqlite://${join(server.folder, 't.db')}?mode=rwc`]
  const run = (...command: string[]) =>
    execFileSync(BINARY, [...command, ...database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  run('budget', 'set', 'federal', '--participation', 'code')
  const csv = run('codes', 'create', '--budget', 'federal', '--count', String(count))
  await server.up()
  return { server, codes: csv.trim().split('\n').slice(1) }
}
