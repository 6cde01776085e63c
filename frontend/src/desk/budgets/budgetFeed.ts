import type { Client } from 'urql'
import { problemOf, type Problem } from '../../graphql/problem'
import type { BudgetFieldsFragment } from '../gql/graphql'
import { BudgetChanged, BudgetQuery } from './budgetOperations'

export type DeskBudget = BudgetFieldsFragment

export interface Fed {
  /** Null if there is no such budget for this account. */
  readonly budget: DeskBudget | null | undefined
  readonly problem: Problem | undefined
}

/** A budget as the server has it: asked for once, then pushed after each change of anybody. */
export class BudgetFeed {
  readonly #client: Client
  readonly #slug: string
  readonly #listeners = new Set<() => void>()
  #fed: Fed = { budget: undefined, problem: undefined }
  #stop: () => void = () => undefined

  constructor(client: Client, slug: string) {
    this.#client = client
    this.#slug = slug
  }

  readonly current = (): Fed => this.#fed

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Begins, or begins anew after signing in. Returns the function that ends it. */
  readonly start = (): (() => void) => {
    this.#stop()
    void this.load()
    const pushes = this.#client.subscription(BudgetChanged, { budget: this.#slug }).subscribe(({ data }) => {
      if (data) this.take(data.budgetChanged)
    })
    this.#stop = () => {
      pushes.unsubscribe()
    }
    return () => {
      this.#stop()
    }
  }

  readonly load = async (): Promise<DeskBudget | undefined> => {
    const { data, error } = await this.#client.query(BudgetQuery, { budget: this.#slug }).toPromise()
    if (data?.budget) this.take(data.budget)
    else if (!this.#fed.budget)
      this.#set({ budget: data ? null : undefined, problem: error && problemOf(error) })
    return data?.budget ?? undefined
  }

  /** Takes in what the server has answered to a change. An older version never replaces a newer one. */
  readonly take = (budget: DeskBudget): void => {
    if (this.#fed.budget && budget.version < this.#fed.budget.version) return
    this.#set({ budget, problem: undefined })
  }

  #set(fed: Fed): void {
    this.#fed = fed
    this.#listeners.forEach((listener) => {
      listener()
    })
  }
}
