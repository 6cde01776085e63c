import { useState } from 'react'
import { Page } from '../../components/Page'
import { HistorySlice } from './HistorySlice'
import { useTexts } from '../../texts/useTexts'
import styles from './HistoryPage.module.css'

export function HistoryPage() {
  const { history: texts } = useTexts()
  /** The cursor at which each slice of the list starts. The button "Show older ones" adds a slice. */
  const [starts, setStarts] = useState<(string | null)[]>([null])

  return (
    <Page title={texts.heading}>
      <h1>{texts.heading}</h1>
      <p className={styles.intro}>{texts.intro}</p>
      {starts.map((after, index) => (
        <HistorySlice
          key={after ?? 'first'}
          after={after}
          isLast={index === starts.length - 1}
          onOlder={(cursor) => {
            setStarts([...starts, cursor])
          }}
        />
      ))}
    </Page>
  )
}
