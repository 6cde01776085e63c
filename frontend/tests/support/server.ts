import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { endWithParent } from './endWithParent'

export const BINARY = resolve(
  process.env.TAXBUDGET_BIN ?? join(import.meta.dirname, '../../../target/debug/taxbudget'),
)
const READY_WITHIN_MS = 15_000
const GONE_WITHIN_MS = 5_000

/** A server of its own on a free port with a database of its own; it can go down and come back as the same one. */
export class TestServer {
  #child: ChildProcess | undefined
  #port = 0
  #invitation: string | undefined

  private constructor(
    readonly folder: string,
    readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
    const server = new TestServer(await mkdtemp(join(tmpdir(), 'taxbudget-test-')), settings)
    await server.up()
    return server
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** The link by which the first account of the desk is made. */
  get invitation(): string {
    if (this.#invitation === undefined) throw new Error('the server printed no invitation to the desk')
    return this.#invitation
  }

  async up(): Promise<void> {
    const database = `sqlite://${join(this.folder, 't.db')}?mode=rwc`
    const child = spawn(
      BINARY,
      ['serve', '--listen', `127.0.0.1:${this.#port}`, '--database-url', database],
      // Of the caller's environment only what a program needs to run: no settings may leak in.
      {
        env: {
          PATH: process.env.PATH,
          TAXBUDGET_SUBMISSION_RATE: 'off',
          // Tests see each answer at once, unless they are about the threshold.
          TAXBUDGET_PUBLISH_EVERY: '1',
          TAXBUDGET_NETWORK_SUBMISSION_RATE: 'off',
          // Nobody is to be sent elsewhere: a test waits for the end.
          TAXBUDGET_DRAIN_WINDOW_MS: '0',
          ...this.settings,
        },
        cwd: this.folder,
      },
    )
    this.#child = child
    endWithParent(child)
    const welcome = await readWelcome(child)
    this.#port = Number(new URL(welcome.address).port)
    this.#invitation = welcome.invitation
  }

  async down(): Promise<void> {
    const child = this.#child
    if (!child) return
    this.#child = undefined
    await new Promise<void>((done) => {
      const force = setTimeout(() => child.kill('SIGKILL'), GONE_WITHIN_MS)
      child.once('exit', () => {
        clearTimeout(force)
        done()
      })
      if (child.exitCode !== null) done()
      else child.kill('SIGTERM')
    })
  }

  async remove(): Promise<void> {
    await this.down()
    await rm(this.folder, { recursive: true, force: true })
  }
}

interface Welcome {
  readonly address: string
  readonly invitation: string | undefined
}

/** What the server prints when it is ready. */
function readWelcome(child: ChildProcess): Promise<Welcome> {
  return new Promise((ready, fail) => {
    let log = ''
    let address: string | undefined
    let invitation: string | undefined
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail(new Error(`the server did not say where it listens\n${log}`))
    }, READY_WITHIN_MS)
    child.on('error', fail)
    child.on('exit', (code) => {
      clearTimeout(timer)
      fail(new Error(`the server ended with ${String(code)}\n${log}`))
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000)
    })
    if (!child.stdout) return
    createInterface(child.stdout).on('line', (line) => {
      address ??= /listening on (http:\S+)/.exec(line)?.[1]
      invitation ??= /^desk: (http:\S+)/.exec(line)?.[1]
      // The last line of the welcome.
      if (address === undefined || !line.startsWith('next:')) return
      clearTimeout(timer)
      ready({ address, invitation })
    })
  })
}
