import type { MouseEvent, ReactNode } from 'react'
import { go, usePathname } from './location'

interface Props {
  href: string
  className?: string | undefined
  children: ReactNode
}

/** A link that does not load the page again, so that the live connection is kept. */
export function PageLink({ href, className, children }: Props) {
  const pathname = usePathname()
  const isHere = new URL(href, window.location.href).pathname === pathname

  function follow(event: MouseEvent) {
    const wantsOwnTab = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0
    if (wantsOwnTab) return
    event.preventDefault()
    go(href)
  }

  return (
    <a href={href} className={className} aria-current={isHere ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  )
}
