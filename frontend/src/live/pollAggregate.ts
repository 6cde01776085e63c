import type { Poll } from '../graphql/client'
import { PolledAggregate } from './snapshot'

/** Asks for the averages once, with the result that the subscription would have. */
export const pollAggregate: Poll = async (client, { budget }) => {
  const { data, error } = await client.query(PolledAggregate, { budget: String(budget) }).toPromise()
  // The transport takes a rejection for "no answer" and tries again.
  if (error?.networkError) throw error.networkError
  if (error) return { errors: error.graphQLErrors }
  const aggregate = data?.budget?.aggregate
  // For an unknown budget the subscription has this error, where the query has null.
  return aggregate ? { data: { aggregate } } : { errors: [{ extensions: { code: 'NOT_FOUND' } }] }
}
