import { useEffect, type ReactNode } from 'react'
import { useTexts } from '../texts/useTexts'
import styles from './Page.module.css'

interface Props {
  title?: string
  children: ReactNode
}

export function Page({ title, children }: Props) {
  const { site } = useTexts()
  useEffect(() => {
    document.title = title === undefined ? site.name : `${title} · ${site.name}`
  }, [title, site.name])

  return (
    <main id="content" className={styles.page} tabIndex={-1}>
      {children}
    </main>
  )
}
