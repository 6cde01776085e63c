import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { endWithParent } from '../support/endWithParent'

/** What a client in another language wrote: a line of JSON for each result. */
export interface Written {
  readonly data?: unknown
  readonly errors?: readonly unknown[]
}

/** Starts a client that is a program; to return from its results is to have it unsubscribe and end well. */
export function program([command = '', ...words]: readonly string[]): AsyncGenerator<Written> {
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'] })
  endWithParent(child)
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4000)
  })
  const ended = new Promise<void>((done, fail) => {
    child.on('error', (cause) => {
      fail(new Error('the client does not start; scripts/ensure-clients installs it', { cause }))
    })
    child.on('exit', (code, signal) => {
      if (code === 0) done()
      else fail(new Error(`${command} ended with ${String(code ?? signal)}\n${log}`))
    })
  })
  // Where it fails is told to the reader of its results.
  ended.catch(() => undefined)
  return results(createInterface(child.stdout), () => {
    child.stdin.end()
    return ended
  })
}

async function* results(lines: AsyncIterable<string>, end: () => Promise<void>): AsyncGenerator<Written> {
  try {
    for await (const line of lines) yield JSON.parse(line) as Written
  } finally {
    await end()
  }
}
