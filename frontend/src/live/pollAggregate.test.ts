import { Client, fetchExchange } from '@urql/core'
import { expect, it } from 'vitest'
import { pollAggregate } from './pollAggregate'

function poll(body: unknown) {
  const client = new Client({
    url: 'http://localhost/graphql',
    preferGetMethod: false,
    exchanges: [fetchExchange],
    fetch: async () => Response.json(await body),
  })
  return pollAggregate(client, { budget: 'town' })
}

it('has the result that the subscription would have', async () => {
  const aggregate = { version: 3 }
  expect(await poll({ data: { budget: { aggregate } } })).toEqual({ data: { aggregate } })
})

it('has the error that the subscription would have for an unknown budget', async () => {
  expect(await poll({ data: { budget: null } })).toEqual({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
})

it('passes the errors of the server on', async () => {
  const { errors } = await poll({ errors: [{ message: 'busy', extensions: { code: 'OVERLOADED' } }] })
  expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'OVERLOADED' }])
})

it('rejects where no response came, so that the transport tries again', async () => {
  await expect(poll(Promise.reject(new TypeError('Failed to fetch')))).rejects.toThrow('Failed to fetch')
})
