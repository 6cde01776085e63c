// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { retryDelayMs, scheduleRetry } from './retrySchedule'

describe('the delay before a retry', () => {
  it('doubles up to a limit and is half chance', () => {
    expect(retryDelayMs(0, () => 0)).toBe(200)
    expect(retryDelayMs(0, () => 1)).toBe(400)
    expect(retryDelayMs(3, () => 0)).toBe(1600)
    expect(retryDelayMs(1000, () => 0)).toBe(7500)
    expect(retryDelayMs(1000, () => 1)).toBe(15_000)
  })
})

describe('a scheduled retry', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('runs once after the delay', () => {
    const retry = vi.fn()
    scheduleRetry(0, retry)
    vi.advanceTimersByTime(400)
    window.dispatchEvent(new Event('online'))
    expect(retry).toHaveBeenCalledTimes(1)
  })

  it('runs at once when the network returns', () => {
    const retry = vi.fn()
    scheduleRetry(9, retry)
    window.dispatchEvent(new Event('online'))
    expect(retry).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(60_000)
    expect(retry).toHaveBeenCalledTimes(1)
  })

  it('runs at once when the reader comes back to the tab, not when they leave it', () => {
    const retry = vi.fn()
    const visibility = vi.spyOn(document, 'visibilityState', 'get')
    scheduleRetry(9, retry)
    visibility.mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(retry).not.toHaveBeenCalled()
    visibility.mockReturnValue('visible')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(retry).toHaveBeenCalledTimes(1)
  })

  it('never runs after it was called off', () => {
    const retry = vi.fn()
    scheduleRetry(0, retry)()
    window.dispatchEvent(new Event('online'))
    vi.advanceTimersByTime(60_000)
    expect(retry).not.toHaveBeenCalled()
  })
})
