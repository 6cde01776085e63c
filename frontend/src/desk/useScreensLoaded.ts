import { useEffect } from 'react'
import { loadAllScreens } from './lazyScreens'

const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'focusin', 'scroll'] as const

/** Loads the rest of the desk at the first sign that somebody works with it; before, it would delay the screen that was asked for. */
export function useScreensLoaded(): void {
  useEffect(() => {
    const signs = new AbortController()
    for (const sign of SIGNS) {
      const begin = () => {
        signs.abort()
        loadAllScreens()
      }
      window.addEventListener(sign, begin, { signal: signs.signal, passive: true })
    }
    return () => {
      signs.abort()
    }
  }, [])
}
