const LINE_FEED = 10
/** Nobody reads figures that change more often. */
const TELL_EVERY_MS = 200

export interface Progress {
  readonly written: number
  /** As many as there were when the file was begun. */
  readonly of: number
}

/** Thrown where the server has refused the file. */
export class ExportRefused extends Error {}

/**
 * Writes a file with one answer a line while it arrives, so that memory does not grow with it. A file that is not complete
 * is thrown away: the sink is aborted. Returns the number of answers.
 */
export async function exportFile(
  url: string,
  headLines: number,
  sink: WritableStream<BufferSource>,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<number> {
  const response = await fetch(url, { signal }).catch(async (error: unknown) => {
    await sink.abort(error)
    throw error
  })
  if (!response.ok || !response.body) {
    await sink.abort()
    throw new ExportRefused(String(response.status))
  }
  const of = Number(response.headers.get('x-answer-count') ?? 0)
  let written = -headLines
  let toldAt = 0
  tell({ written: 0, of })
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      for (const byte of chunk) if (byte === LINE_FEED) written += 1
      if (performance.now() - toldAt >= TELL_EVERY_MS) {
        toldAt = performance.now()
        tell({ written, of })
      }
      controller.enqueue(chunk)
    },
  })
  await response.body.pipeThrough(counted).pipeTo(sink, { signal })
  return written
}
