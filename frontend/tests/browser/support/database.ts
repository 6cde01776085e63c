import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import initSqlJs from 'sql.js'
import type { TestServer } from '../../support/server'

/**
 * Changes what only an owner may change, such as a budget's window, while the server is down: it then leaves one
 * complete file behind.
 */
export async function changeDatabase(server: TestServer, statement: string): Promise<void> {
  await server.down()
  const file = join(server.folder, 't.db')
  const { Database } = await initSqlJs()
  const database = new Database(await readFile(file))
  database.run(statement)
  if (database.getRowsModified() === 0) throw new Error(`changed nothing: ${statement}`)
  await writeFile(file, database.export())
  database.close()
  await server.up()
}
