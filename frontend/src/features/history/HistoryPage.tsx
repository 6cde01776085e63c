import { useCallback, useState } from 'react'
import { Page } from '../../components/Page'
import { CodeErasure } from './CodeErasure'
import { HistorySlice } from './HistorySlice'
import { MyData } from './MyData'
import { useTexts } from '../../texts/useTexts'
import styles from './HistoryPage.module.css'

export function HistoryPage() {
  const { history: texts } = useTexts()
  /** The cursor at which each slice of the list starts. The button "Show older ones" adds a slice. */
  const [starts, setStarts] = useState<(string | null)[]>([null])
  /** How often everything was erased. Each time the list is loaded anew. */
  const [erasures, setErasures] = useState(0)
  /** Whether the list was there once. What stands below it comes after it: it would jump. */
  const [isListThere, setIsListThere] = useState(false)
  const noteListThere = useCallback(() => {
    setIsListThere(true)
  }, [])

  return (
    <Page title={texts.heading}>
      <h1>{texts.heading}</h1>
      <p className={styles.intro}>{texts.intro}</p>
      {starts.map((after, index) => (
        <HistorySlice
          key={`${erasures} ${after ?? 'first'}`}
          after={after}
          isLast={index === starts.length - 1}
          onThere={noteListThere}
          onOlder={(cursor) => {
            setStarts([...starts, cursor])
          }}
        />
      ))}
      {isListThere && (
        <>
          <MyData
            onErased={() => {
              setStarts([null])
              setErasures(erasures + 1)
            }}
          />
          <CodeErasure />
        </>
      )}
    </Page>
  )
}
