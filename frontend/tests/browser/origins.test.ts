import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { stored } from '../support/api'
import { openOnOwnServer } from './support/ownServer'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

const MUTATION = `mutation { submitAllocation(input: {
  budget: "federal", remember: true, shares: [{ category: "other", percent: 100 }]
}) { submission { id } } }`

/** A page of another port of the same host: to a browser the same site, so that cookies go with what it sends. */
async function otherOrigin(host: string): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>Elsewhere</title>')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  return `http://${host}:${String((server.address() as AddressInfo).port)}/`
}

// On another site by name, on the same by address.
it.each(['127.0.0.1', 'localhost'])(
  'a page at another port of %s may neither act nor ask as its visitor',
  async (host) => {
    const { server, page } = await openOnOwnServer(chromium.browser)
    const send = async ({ query, origin }: { query: string; origin: string }) => {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      return (await response.json()) as unknown
    }
    expect(await page.evaluate(send, { query: MUTATION, origin: server.origin })).toHaveProperty('data')
    const viewer = '{ viewer { participant } budgets { slug } }'
    const known = await page.evaluate(send, { query: viewer, origin: server.origin })
    expect(known).toHaveProperty('data.viewer.participant', expect.any(String))

    const other = await page.context().newPage()
    await other.goto(await otherOrigin(host))
    const nobody = { data: { viewer: { participant: null }, budgets: [{ slug: 'federal' }] } }
    expect(await other.evaluate(send, { query: viewer, origin: server.origin })).toEqual(nobody)
    const refused = { errors: [{ extensions: { code: 'FORBIDDEN' } }] }
    expect(await other.evaluate(send, { query: MUTATION, origin: server.origin })).toMatchObject(refused)

    const overSocket = async ({ queries, url }: { queries: string[]; url: string }) => {
      const socket = new WebSocket(url, 'graphql-transport-ws')
      const answers: unknown[] = []
      await new Promise<void>((done, fail) => {
        socket.onopen = () => {
          socket.send(JSON.stringify({ type: 'connection_init' }))
          queries.forEach((query, id) => {
            socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query } }))
          })
        }
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(String(data)) as { id?: string; type: string; payload: unknown }
          if (message.id && message.type !== 'complete') answers[Number(message.id)] = message.payload
          if (answers.filter(Boolean).length === queries.length) done()
        }
        socket.onclose = ({ reason }) => {
          fail(new Error(reason))
        }
      })
      return answers
    }
    const url = `${server.origin.replace('http', 'ws')}/graphql/ws`
    const [asked, acted] = await other.evaluate(overSocket, { queries: [viewer, MUTATION], url })
    expect(asked).toEqual(nobody)
    expect(acted).toMatchObject(refused.errors)
    expect(await stored(server)).toEqual({ participants: 1, submissions: 1 })
  },
)
