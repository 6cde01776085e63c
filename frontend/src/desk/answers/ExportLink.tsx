import { useRef, useState } from 'react'
import { Button } from '../../components/Button'
import { useDeskTexts } from '../texts/useDeskTexts'
import { exportFile, type Progress } from './exportFile'

/** Chromium has it; elsewhere the link downloads the file, and the browser shows how it goes. */
interface FilePicker {
  readonly showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>
}

interface Props {
  href: string
  fileName: string
  /** The lines before the first answer. */
  headLines: number
  label: string
}

type State =
  | { kind: 'idle' | 'failed' | 'cancelled' }
  | { kind: 'running'; progress: Progress }
  | { kind: 'done'; answers: number }

/** A file of answers that says how many of them are written, and can be cancelled. */
export function ExportLink({ href, fileName, headLines, label }: Props) {
  const { answers: texts, actions } = useDeskTexts()
  const [state, setState] = useState<State>({ kind: 'idle' })
  const running = useRef<AbortController>(undefined)

  async function save(pick: NonNullable<FilePicker['showSaveFilePicker']>) {
    const handle = await pick({ suggestedName: fileName }).catch(() => undefined)
    // Nobody chose a place.
    if (!handle) return
    const controller = new AbortController()
    running.current = controller
    try {
      const tell = (progress: Progress) => {
        setState({ kind: 'running', progress })
      }
      const sink = await handle.createWritable()
      const answers = await exportFile(href, headLines, sink, tell, controller.signal)
      setState({ kind: 'done', answers })
    } catch {
      setState({ kind: controller.signal.aborted ? 'cancelled' : 'failed' })
    }
  }

  return (
    <>
      <a
        href={href}
        download
        onClick={(event) => {
          const { showSaveFilePicker: pick } = window as FilePicker
          if (!pick) return
          event.preventDefault()
          if (state.kind !== 'running') void save(pick.bind(window))
        }}
      >
        {label}
      </a>
      {state.kind === 'running' && (
        <p>
          <progress aria-label={label} value={state.progress.written} max={Math.max(1, state.progress.of)} />{' '}
          {texts.exporting(state.progress.written, state.progress.of)}{' '}
          <Button
            onClick={() => {
              running.current?.abort()
            }}
          >
            {actions.cancel}
          </Button>
        </p>
      )}
      <span role="status">
        {state.kind === 'done' && ` ${texts.exported(state.answers)}`}
        {state.kind === 'failed' && ` ${texts.exportFailed}`}
        {state.kind === 'cancelled' && ` ${texts.exportCancelled}`}
      </span>
    </>
  )
}
