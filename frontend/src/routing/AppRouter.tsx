import type { ReactNode } from 'react'
import { Router, type AroundNavHandler } from 'wouter'

/** A new page is read from its top. Going back is the browser's, which restores the position itself. */
const scrollToTop: AroundNavHandler = (navigate, to, options) => {
  navigate(to, options)
  if (options?.replace !== true) window.scrollTo(0, 0)
}

export function AppRouter({ children }: { children: ReactNode }) {
  return <Router aroundNav={scrollToTop}>{children}</Router>
}
