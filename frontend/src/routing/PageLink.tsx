import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'

interface Props {
  href: string
  className?: string | undefined
  /** The name for screen readers, where the text alone does not say where it leads. */
  label?: string
  children: ReactNode
}

/** A link that does not load the page again, so that the live connection is kept. */
export function PageLink({ href, className, label, children }: Props) {
  const [pathname] = useLocation()
  const isHere = new URL(href, window.location.href).pathname === pathname
  return (
    <Link href={href} className={className} aria-label={label} aria-current={isHere ? 'page' : undefined}>
      {children}
    </Link>
  )
}
