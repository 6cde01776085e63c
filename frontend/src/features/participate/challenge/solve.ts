import { solveChallengeWorkers, type Challenge } from 'altcha/lib'
import SolverWorker from './solver.worker?worker'

/** Enough to be quick, and not so many that the device is busy with nothing else. */
const MOST_WORKERS = 4
/** The challenge itself lives for ten minutes. */
const TIMEOUT_MS = 300_000

/** Works in other threads and returns what the server wants to see, or nothing if no solution was found. */
export async function solve(challenge: Challenge): Promise<string | undefined> {
  const solution = await solveChallengeWorkers({
    challenge,
    concurrency: Math.min(MOST_WORKERS, navigator.hardwareConcurrency),
    createWorker: () => new SolverWorker(),
    timeout: TIMEOUT_MS,
  })
  return solution ? btoa(JSON.stringify({ challenge, solution })) : undefined
}
