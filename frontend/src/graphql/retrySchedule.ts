const FIRST_STEP_MS = 400
const LONGEST_STEP_MS = 15_000

/** Doubles up to a limit. Half of the delay is random, so that not everybody reconnects to a restarted server at once. */
export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  const step = Math.min(LONGEST_STEP_MS, FIRST_STEP_MS * 2 ** Math.min(attempt, 10))
  return Math.round(step / 2 + random() * (step / 2))
}

/**
 * Runs `retry` after the delay, or at once when the network returns or the reader comes back to the tab: a person who
 * looks at the page should not wait for a timer. Returns the function that cancels it.
 */
export function scheduleRetry(attempt: number, retry: () => void): () => void {
  const timer = setTimeout(go, retryDelayMs(attempt))
  window.addEventListener('online', go)
  document.addEventListener('visibilitychange', goIfVisible)
  return cancel

  function go(): void {
    cancel()
    retry()
  }
  function goIfVisible(): void {
    if (document.visibilityState === 'visible') go()
  }
  function cancel(): void {
    clearTimeout(timer)
    window.removeEventListener('online', go)
    document.removeEventListener('visibilitychange', goIfVisible)
  }
}
