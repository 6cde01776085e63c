import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { stored } from '../support/api'
import type { TestServer } from '../support/server'
import { itFollows } from './contract'
import { program, type Written } from './program'
import { all, NO_BUDGET, NOT_EVERYTHING, ownServer, submit, SUBMIT_ANSWER, toScience } from './support'

// A Python program takes seconds to start where the machine is busy.
vi.setConfig({ testTimeout: 60_000 })

// What scripts/ensure-clients installs and builds.
const ROOT = join(import.meta.dirname, '../../..')
const PYTHON = join(ROOT, 'target/clients/venv/bin/python')
const CYNIC = join(ROOT, 'target/clients/cynic/debug/cynic-client')

function python(script: string): string {
  return join(ROOT, 'tests/clients/python', script)
}

function gql(transport: string): Command {
  return [PYTHON, python('gql_client.py'), transport]
}

const alone = [
  { client: 'gql for Python over aiohttp', command: gql('aiohttp') },
  { client: 'gql for Python over httpx', command: gql('httpx') },
]
const following = [
  { client: 'gql for Python over a WebSocket', command: gql('websockets'), refusal: NO_BUDGET },
  {
    client: 'gql for Python over a WebSocket of aiohttp',
    command: gql('aiohttp-websockets'),
    refusal: NO_BUDGET,
  },
  {
    client: 'a client by ariadne-codegen',
    command: [PYTHON, python('ariadne_client.py')],
    refusal: NO_BUDGET,
  },
  // It drops the extensions of a subscription's errors.
  { client: 'cynic with graphql-ws-client for Rust', command: [CYNIC], refusal: { path: NO_BUDGET.path } },
]

type Command = readonly string[]

/** An operation of `tests/clients/operations.graphql`. */
type Execute = (server: TestServer, operation: string, variables: unknown) => AsyncGenerator<Written>

function executing(command: Command): Execute {
  return ({ origin }, operation, variables) =>
    program([...command, origin, operation, JSON.stringify(variables)])
}

async function once(results: AsyncGenerator<Written>): Promise<Written | undefined> {
  const list = await all(results)
  expect(list).toHaveLength(1)
  return list[0]
}

describe.each([...alone, ...following])('$client', ({ command }) => {
  const execute = executing(command)

  it('answers a query, finds its object again by id, and answers a mutation', async () => {
    const server = await ownServer()
    const read = await once(execute(server, 'Read', { slug: 'federal' }))
    expect(read).toMatchObject({ data: { budget: { slug: 'federal', status: 'OPEN' } } })
    const { id } = (read as { data: { budget: { id: string } } }).data.budget
    const found = await once(execute(server, 'Find', { id }))
    expect(found).toEqual({ data: { node: { __typename: 'Budget', id, slug: 'federal' } } })
    const submitted = await once(execute(server, 'Submit', toScience(100)))
    expect(submitted).toEqual({ data: SUBMIT_ANSWER })
  })

  it('is told what is wrong with an allocation', async () => {
    const refused = await once(execute(await ownServer(), 'Submit', toScience(90)))
    expect(refused).toMatchObject({ errors: [NOT_EVERYTHING] })
  })
})

describe('a client in Python', () => {
  const execute = executing([PYTHON, python('challenge_client.py')])

  it('does the work that is asked for, and its answer counts', async () => {
    const server = await ownServer({
      TAXBUDGET_NETWORK_SUBMISSION_RATE: '1/h',
      TAXBUDGET_PROOF_OF_WORK: '50',
    })
    await submit(server, toScience(100))
    const refused = await submit(server, toScience(100))
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'CHALLENGE_REQUIRED' } }] })
    expect(await once(execute(server, 'Submit', toScience(100)))).toEqual({ data: SUBMIT_ANSWER })
    expect(await stored(server)).toEqual({ participants: 2, submissions: 2 })
  })
})

describe.each(following)('a subscription of $client', ({ command, refusal }) => {
  const execute = executing(command)

  itFollows((server) => () => execute(server, 'Watch', { budget: 'federal' }), {
    websocket: 1,
    operations: 1,
  })

  it('is told that there is no such budget', async () => {
    const results = execute(await ownServer(), 'Watch', { budget: 'nowhere' })
    expect(await once(results)).toMatchObject({ errors: [refusal] })
  })
})
