// @vitest-environment jsdom
import { cleanup, render, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { useWakeLock } from './useWakeLock'

function Screen() {
  useWakeLock()
  return null
}

afterEach(() => {
  cleanup()
  Reflect.deleteProperty(navigator, 'wakeLock')
})

it('the screen stays on while the view is shown, again after it was out of view, and no longer', async () => {
  const release = vi.fn(() => Promise.resolve())
  const request = vi.fn(() => Promise.resolve({ release }))
  Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true })
  const { unmount } = render(<Screen />)
  await waitFor(() => {
    expect(request).toHaveBeenCalledTimes(1)
  })
  document.dispatchEvent(new Event('visibilitychange'))
  await waitFor(() => {
    expect(request).toHaveBeenCalledTimes(2)
  })
  expect(release).not.toHaveBeenCalled()
  unmount()
  await waitFor(() => {
    expect(release).toHaveBeenCalledTimes(1)
  })
  document.dispatchEvent(new Event('visibilitychange'))
  expect(request).toHaveBeenCalledTimes(2)
})

it('a browser that cannot keep the screen on shows the view all the same', () => {
  expect(() => render(<Screen />)).not.toThrow()
})
