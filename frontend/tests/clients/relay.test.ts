import { createClient } from 'graphql-ws'
import {
  ConnectionHandler,
  Environment,
  fetchQuery,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
  type ConcreteRequest,
  type FetchFunction,
  type GraphQLResponse,
  type OperationType,
  type SubscribeFunction,
} from 'relay-runtime'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { someoneGivesAllTo } from '../support/api'
import type { TestServer } from '../support/server'
import { expectRunning, iterate, next, ownServer, rememberedToken, submit, toScience } from './support'

/** Stands in for Relay's Babel plugin: gives what Relay's compiler made of this text (`npm run relay`). */
async function graphql([text = '']: TemplateStringsArray): Promise<ConcreteRequest> {
  const name = /(?:query|subscription|queryName:) "?(\w+)/.exec(text)?.[1] ?? ''
  const artifact = (await import(`./__generated__/${name}.graphql.ts`)) as { default: ConcreteRequest }
  return artifact.default
}

const BUDGET = await graphql`
  query relayBudgetQuery($slug: String!) {
    budget(slug: $slug) {
      id
      slug
      categories {
        id
        key
      }
    }
  }
`

const WATCH = await graphql`
  subscription relayWatchSubscription($budget: String!) {
    aggregate(budget: $budget) {
      participantCount
      budget {
        id
        title
      }
      categories {
        category {
          id
          label
        }
        averagePercent
      }
    }
  }
`

const NODE = await graphql`
  query relayNodeQuery($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Budget {
        slug
      }
      ... on Category {
        key
      }
      ... on Submission {
        counted
      }
    }
  }
`

/** The query is Relay's own: it finds the fragment's object by `node`. */
const REFETCH = await graphql`
  fragment relayBudget on Budget @refetchable(queryName: "relayBudgetRefetchQuery") {
    currency
    categories {
      color
    }
  }
`

const HISTORY = await graphql`
  query relayHistoryQuery($first: Int, $after: String) {
    viewer {
      submissions(first: $first, after: $after) @connection(key: "relay__submissions") {
        edges {
          node {
            counted
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`

/** A participant's history as a fragment that pages by itself, which a component would use. */
const HISTORY_PAGE = await graphql`
  fragment relayHistory on Viewer
  @refetchable(queryName: "relayHistoryPageQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" }) {
    submissions(first: $first, after: $after) @connection(key: "relayHistory__submissions") {
      edges {
        node {
          id
        }
      }
    }
  }
`

interface Operation<Response> extends OperationType {
  readonly response: Response
}

type BudgetAnswer = Operation<{
  readonly budget: { readonly id: string; readonly categories: readonly { readonly id: string }[] }
}>
type NodeAnswer = Operation<{ readonly node: Record<string, unknown> | null }>
type WatchAnswer = Operation<{ readonly aggregate: { readonly participantCount: number } }>
interface HistoryPage {
  readonly edges: readonly unknown[]
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean }
}
type HistoryAnswer = Operation<{ readonly viewer: { readonly submissions: HistoryPage } }>

function connect({ origin }: TestServer, token?: string): Environment {
  const socket = createClient({
    url: `${origin.replace('http', 'ws')}/graphql/ws`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  })
  onTestFinished(() => socket.dispose())
  const ask: FetchFunction = async ({ text: query, name: operationName }, variables) => {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, operationName, variables }),
    })
    return (await response.json()) as GraphQLResponse
  }
  const watch: SubscribeFunction = ({ text, name: operationName }, variables) =>
    Observable.create((sink) =>
      socket.subscribe({ query: text ?? '', operationName, variables }, sink as never),
    )
  return new Environment({ network: Network.create(ask, watch), store: new Store(new RecordSource()) })
}

function ask<T extends OperationType>(
  environment: Environment,
  query: ConcreteRequest,
  variables: T['variables'],
): Promise<T['response'] | undefined> {
  return fetchQuery<T>(environment, query, variables).toPromise()
}

function watch(environment: Environment) {
  return iterate<WatchAnswer['response']>((sink) => {
    const { dispose } = requestSubscription<WatchAnswer>(environment, {
      subscription: WATCH,
      variables: { budget: 'federal' },
      onNext: (response) => {
        if (response) sink.next(response)
      },
      onError: sink.error,
      onCompleted: sink.complete,
    })
    return { unsubscribe: dispose }
  })
}

/** How many objects of each type Relay keeps, each under its id. */
function kept(environment: Environment): Record<string, number> {
  const source = environment.getStore().getSource()
  const counts: Record<string, number> = {}
  for (const id of source.getRecordIDs()) {
    const type = source.get(id)?.__typename as string
    if (['Budget', 'Category', 'Submission'].includes(type)) counts[type] = (counts[type] ?? 0) + 1
  }
  return counts
}

describe('Relay', () => {
  it('keeps a budget apart from its categories, and knows both again in a subscription', async () => {
    const server = await ownServer()
    const environment = connect(server)
    const answer = await ask<BudgetAnswer>(environment, BUDGET, { slug: 'federal' })
    expect(kept(environment)).toEqual({ Budget: 1, Category: 10 })

    const numbers = watch(environment)
    expect((await next(numbers)).aggregate.participantCount).toBe(0)
    await someoneGivesAllTo(server, 'science')
    expect((await next(numbers)).aggregate.participantCount).toBe(1)
    expect(kept(environment)).toEqual({ Budget: 1, Category: 10 })
    const source = environment.getStore().getSource()
    expect(source.get(answer?.budget.id ?? '')).toMatchObject({
      slug: 'federal',
      title: expect.any(String) as string,
    })
    expect(source.get(answer?.budget.categories[0]?.id ?? '')).toMatchObject({
      key: 'healthcare',
      label: 'Healthcare',
    })

    await expectRunning(server, { websocket: 1, operations: 1, sharedSubscriptions: 1 })
    await numbers.return?.()
    await expectRunning(server, {})
  })

  it('finds every object again by its id, and adds to what it has of it', async () => {
    const server = await ownServer()
    const environment = connect(server)
    const { budget } = (await ask<BudgetAnswer>(environment, BUDGET, { slug: 'federal' })) ?? {}
    const id = budget?.id ?? ''
    expect(await ask<NodeAnswer>(environment, NODE, { id })).toEqual({
      node: { __typename: 'Budget', id, slug: 'federal' },
    })
    const category = budget?.categories[0]?.id
    expect(await ask<NodeAnswer>(environment, NODE, { id: category })).toEqual({
      node: { __typename: 'Category', id: category, key: 'healthcare' },
    })
    await ask(environment, REFETCH, { id })
    expect(kept(environment)).toEqual({ Budget: 1, Category: 10 })
    expect(environment.getStore().getSource().get(id)).toMatchObject({ slug: 'federal', currency: 'USD' })
    expect(await ask<NodeAnswer>(environment, NODE, { id: 'nonsense' })).toEqual({ node: null })
  })

  it('finds a submission again for its own participant alone', async () => {
    const server = await ownServer()
    const token = await rememberedToken(server)
    const own = connect(server, token)
    await ask(own, HISTORY, { first: 1 })
    const source = own.getStore().getSource()
    const id = source.getRecordIDs().find((record) => source.get(record)?.__typename === 'Submission')
    expect(await ask<NodeAnswer>(own, NODE, { id })).toEqual({
      node: { __typename: 'Submission', id, counted: true },
    })
    expect(await ask<NodeAnswer>(connect(server), NODE, { id })).toEqual({ node: null })
  })

  it('puts the pages of a connection together', async () => {
    const server = await ownServer()
    const token = await rememberedToken(server)
    for (let more = 0; more < 2; more++) {
      const response = await submit(server, toScience(100), token)
      expect(await response.json()).not.toHaveProperty('errors')
    }
    const environment = connect(server, token)
    const first = await ask<HistoryAnswer>(environment, HISTORY, { first: 2 })
    const { endCursor, hasNextPage } = first?.viewer.submissions.pageInfo ?? {}
    expect(hasNextPage).toBe(true)
    const second = await ask<HistoryAnswer>(environment, HISTORY, { first: 2, after: endCursor })
    expect(second?.viewer.submissions.edges).toHaveLength(3)
    expect(second?.viewer.submissions.pageInfo.hasNextPage).toBe(false)
    const list = ConnectionHandler.getConnectionID('client:root:viewer', 'relay__submissions')
    expect(environment.getStore().getSource().get(list)?.edges).toMatchObject({ __refs: { length: 3 } })
    expect(kept(environment)).toMatchObject({ Submission: 3 })

    await ask(environment, HISTORY_PAGE, {})
    const page = ConnectionHandler.getConnectionID('client:root:viewer', 'relayHistory__submissions')
    expect(environment.getStore().getSource().get(page)?.edges).toMatchObject({ __refs: { length: 2 } })
  })
})
