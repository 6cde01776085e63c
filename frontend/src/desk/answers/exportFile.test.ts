import { expect, it, vi } from 'vitest'
import { exportFile, ExportRefused } from './exportFile'

function sink() {
  const seen = { text: '', isClosed: false, isAborted: false }
  const stream = new WritableStream<BufferSource>({
    write(chunk) {
      seen.text += new TextDecoder().decode(chunk)
    },
    close() {
      seen.isClosed = true
    },
    abort() {
      seen.isAborted = true
    },
  })
  return { seen, stream }
}

/** What the server sends, chunk by chunk; then the last thing happens. */
function answers(chunks: readonly string[], last: 'end' | 'nothing' | 'break' = 'end', status = 200): void {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
      if (last === 'end') controller.close()
    },
    pull(controller) {
      if (last === 'break') controller.error(new Error('the connection was lost'))
    },
  })
  const response = new Response(body, { status, headers: { 'x-answer-count': '3' } })
  vi.stubGlobal('fetch', () => Promise.resolve(response))
}

it('counts the answers however the lines are cut, without the head', async () => {
  answers(['hea', 'd\r\na\r', '\nb\r\nc', '\r\n'])
  const { seen, stream } = sink()
  const told = vi.fn()
  expect(await exportFile('/x', 1, stream, told, new AbortController().signal)).toBe(3)
  expect(told).toHaveBeenCalledWith({ written: 0, of: 3 })
  expect(seen).toEqual({ text: 'head\r\na\r\nb\r\nc\r\n', isClosed: true, isAborted: false })
})

it('throws a file away that was cancelled, broken off or refused', async () => {
  const controller = new AbortController()
  answers(['a\n'], 'nothing')
  const cancelled = sink()
  const exporting = exportFile('/x', 0, cancelled.stream, () => undefined, controller.signal)
  controller.abort()
  await expect(exporting).rejects.toThrow()
  expect(cancelled.seen).toMatchObject({ isClosed: false, isAborted: true })

  const anybody = new AbortController().signal
  answers(['a\n'], 'break')
  const broken = sink()
  await expect(exportFile('/x', 0, broken.stream, () => undefined, anybody)).rejects.toThrow('lost')
  expect(broken.seen).toMatchObject({ isClosed: false, isAborted: true })

  answers(['no'], 'end', 403)
  const refused = sink()
  await expect(exportFile('/x', 0, refused.stream, () => undefined, anybody)).rejects.toThrow(ExportRefused)
  expect(refused.seen).toMatchObject({ text: '', isClosed: false, isAborted: true })
})
