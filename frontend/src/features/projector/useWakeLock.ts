import { useEffect } from 'react'

/** Keeps the screen on. The browser takes the lock away when the page is out of view, so it is asked for again after. */
export function useWakeLock(): void {
  useEffect(() => {
    // Missing on plain-http addresses and in older browsers: there the screen sleeps as it always does.
    if (!('wakeLock' in navigator)) return
    let lock: WakeLockSentinel | undefined
    let isOver = false

    async function request() {
      if (document.hidden) return
      try {
        lock = await navigator.wakeLock.request('screen')
        if (isOver) await lock.release()
      } catch {
        // Refused, for example because the battery is low.
      }
    }
    const requestInView = () => void request()

    requestInView()
    document.addEventListener('visibilitychange', requestInView)
    return () => {
      isOver = true
      document.removeEventListener('visibilitychange', requestInView)
      void lock?.release()
    }
  }, [])
}
