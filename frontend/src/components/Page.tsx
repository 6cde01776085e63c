import { useEffect, type ReactNode } from 'react'
import { site } from '../texts/en'
import styles from './Page.module.css'

interface Props {
  title?: string
  children: ReactNode
}

export function Page({ title, children }: Props) {
  useEffect(() => {
    document.title = title === undefined ? site.name : `${title} · ${site.name}`
  }, [title])

  return (
    <main id="content" className={styles.page} tabIndex={-1}>
      {children}
    </main>
  )
}
