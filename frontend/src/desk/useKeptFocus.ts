import { useEffect, type RefObject } from 'react'

/** What the focus falls back to: the row or the part of the page that the lost element belonged to. */
const PLACES = 'tr, section, main'

/**
 * Keeps the place of those who work by keyboard or by ear. A button that has done its work often disappears, and so does the
 * link to another screen; the browser then forgets the focus. It goes to the row of the lost element, or to the heading
 * above it, which is read out.
 */
export function useKeptFocus(within: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = within.current
    if (!root) return
    /** The element with the focus and what is around it, from the inside to the outside. */
    let trail: Element[] = []

    function remember({ target }: FocusEvent) {
      trail = []
      for (
        let element = target as Element | null;
        element && element !== root;
        element = element.parentElement
      )
        trail.push(element)
    }
    function restore() {
      const [lost] = trail
      if (!lost || lost.isConnected || document.activeElement !== document.body) return
      const place = trail.find((element) => element.isConnected && element.matches(PLACES)) ?? root
      const target = place?.matches('tr') ? place : place?.querySelector('h1, h2, h3')
      // The next screen may not be there yet.
      if (!(target instanceof HTMLElement)) return
      if (target.tabIndex < 0) target.tabIndex = -1
      target.focus({ preventScroll: true })
    }
    root.addEventListener('focusin', remember)
    const changes = new MutationObserver(restore)
    changes.observe(root, { childList: true, subtree: true })
    // A dialog, which is outside of the root, gives the focus back when it closes.
    changes.observe(document.body, { childList: true })
    return () => {
      root.removeEventListener('focusin', remember)
      changes.disconnect()
    }
  }, [within])
}
