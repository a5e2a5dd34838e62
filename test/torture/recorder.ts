import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { HistoryHead, HistoryLine } from '../proof/histories/history.ts'

const MICROSECONDS_PER_MS = 1000

/** Writes a history down while it happens. */
export interface Recorder {
  record(line: HistoryLine): void
  /** Settles when everything is in the file. */
  close(): Promise<void>
}

/** Creates the recorder of a run. All times must be of one clock. @param file Where the history goes. */
export function createRecorder(file: string, head: HistoryHead): Recorder {
  const stream = createWriteStream(file)
  stream.write(`${JSON.stringify(head)}\n`)
  return {
    record(line) {
      const [from, to] = [line.from, line.to].map(
        (time) => Math.round(time * MICROSECONDS_PER_MS) / MICROSECONDS_PER_MS,
      )
      stream.write(`${JSON.stringify({ ...line, from, to })}\n`)
    },
    async close() {
      stream.end()
      await once(stream, 'close')
    },
  }
}
