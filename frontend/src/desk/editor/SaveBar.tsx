import { useEffect } from 'react'
import { Button } from '../../components/Button'
import { useDeskTexts } from '../texts/useDeskTexts'
import { useEditor } from './useEditor'
import styles from './Editor.module.css'

/** Says whether what was typed is saved, and undoes it. */
export function SaveBar() {
  const { editor: texts } = useDeskTexts()
  const { editing, saver } = useEditor()

  useEffect(() => {
    function undoByKey(event: KeyboardEvent) {
      const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z'
      if (!isUndo) return
      event.preventDefault()
      if (event.shiftKey) saver.redo()
      else saver.undo()
    }
    document.addEventListener('keydown', undoByKey)
    return () => {
      document.removeEventListener('keydown', undoByKey)
    }
  }, [saver])

  return (
    <div className={styles.bar}>
      <p className={styles.state} data-state={editing.state}>
        {texts.states[editing.state]}
      </p>
      <Button
        disabled={!editing.canUndo}
        onClick={() => {
          saver.undo()
        }}
      >
        {texts.undo}
      </Button>
      <Button
        disabled={!editing.canRedo}
        onClick={() => {
          saver.redo()
        }}
      >
        {texts.redo}
      </Button>
    </div>
  )
}
