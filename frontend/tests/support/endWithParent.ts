import type { ChildProcess } from 'node:child_process'

const children = new Set<ChildProcess>()

/** Tests end what they start; this is for the day when one is interrupted. A worker is ended by signal, without `exit`. */
export function endWithParent(child: ChildProcess): void {
  children.add(child)
  child.once('exit', () => children.delete(child))
}

function endAll(): void {
  for (const child of children) child.kill('SIGKILL')
}

process.once('exit', endAll)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    endAll()
    process.kill(process.pid, signal)
  })
}
