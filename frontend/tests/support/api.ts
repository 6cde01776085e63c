import type { TestServer } from './server'

export interface Answer<T> {
  readonly data?: T
  readonly errors?: readonly { message: string; extensions?: Record<string, unknown> }[]
}

export async function ask<T>(server: TestServer, query: string, variables: unknown = {}): Promise<Answer<T>> {
  const response = await fetch(`${server.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as Answer<T>
}

/** Another participant, somewhere else, gives everything to one category. */
export async function someoneGivesAllTo(server: TestServer, category: string): Promise<void> {
  const { errors } = await ask(
    server,
    'mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }',
    { input: { budget: 'federal', shares: [{ category, percent: 100 }], remember: false } },
  )
  if (errors) throw new Error(JSON.stringify(errors))
}

export async function stored(server: TestServer): Promise<{ participants: number; submissions: number }> {
  const { data } = await ask<{
    budget: { aggregate: { participantCount: number; submissionCount: number } }
  }>(server, '{ budget(slug: "federal") { aggregate { participantCount submissionCount } } }')
  if (!data) throw new Error('the averages cannot be read')
  const { participantCount, submissionCount } = data.budget.aggregate
  return { participants: participantCount, submissions: submissionCount }
}
