import { forget, store, stored } from './tabStorage'

const VERSION = 1

/** The code that this tab takes part with, for a reload. On a shared computer it ends with the tab. */
export function storedCode(budget: string): string | undefined {
  const { version, code } = stored(nameFor(budget)) ?? {}
  return version === VERSION && typeof code === 'string' ? code : undefined
}

export function storeCode(budget: string, code: string): void {
  store(nameFor(budget), { version: VERSION, code })
}

export function forgetCode(budget: string): void {
  forget(nameFor(budget))
}

function nameFor(budget: string): string {
  return `taxbudget:code:${budget}`
}
