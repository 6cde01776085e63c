import type { Format } from '../../../../texts/format'

export const operations = (f: Format) => ({
  operations: {
    heading: 'Operations',
    database: (kind: string) => `Database (${kind})`,
    ok: 'answers',
    away: 'does not answer',
    notConfigured: 'Not set up',
    queue: 'Submissions that wait',
    foldLag: 'Age of the oldest change that is not in the averages',
    pendingDeltas: 'Changes that are not in the averages',
    snapshotAge: 'Age of the newest averages',
    size: 'Size of the database',
    reads: 'Reads: memory / Redis / table / recount',
    ms: (count: string) => `${count} ms`,
    megabytes: (count: string) => `${count} MB`,
    nodes: 'Nodes',
    node: 'Node',
    role: 'Role',
    version: 'Version',
    started: 'Started',
    seen: 'Last seen',
    connections: 'Connections',
    streams: 'Streams',
    noNodes: 'No node has reported yet.',
    jobs: 'Jobs',
    verify: 'Verify the averages',
    rebuild: 'Rebuild the averages',
    rebuildQuestion:
      'All answers are counted anew, and the averages are mended where they differ. People notice nothing.',
    kind: 'Job',
    kinds: { VERIFY: 'Verify', REBUILD: 'Rebuild', RETENTION: 'Delete old answers' },
    created: 'Ordered',
    attempts: 'Tries',
    outcome: 'Outcome',
    outcomes: {
      NO_DRIFT: (count: number) =>
        f.plural(count, {
          one: 'the averages of one budget are exact',
          other: `the averages of ${f.count(count)} budgets are exact`,
        }),
      DRIFT: (_: number, budgets: string) => `the averages differ from the answers: ${budgets}`,
      REBUILT: (count: number) =>
        count === 0
          ? 'no average differed'
          : f.plural(count, {
              one: 'the averages of one budget differed and are mended',
              other: `the averages of ${f.count(count)} budgets differed and are mended`,
            }),
      DELETED: (count: number) =>
        f.plural(count, { one: 'one answer was deleted', other: `${f.count(count)} answers were deleted` }),
      UNKNOWN_BUDGET: (_: number, budget: string) => `there is no budget ${budget}`,
      ATTEMPTS_EXHAUSTED: (count: number) =>
        f.plural(count, {
          one: 'the attempt did not come to an end',
          other: `none of ${f.count(count)} attempts came to an end`,
        }),
    },
    noJobs: 'There was no job yet.',
    waiting: 'waits',
    running: 'runs',
    done: 'done',
    failed: 'failed',
    progress: 'Progress',
    of: (done: string, total: string) => `${done} of ${total}`,
    retry: 'Try again',
  },
})
