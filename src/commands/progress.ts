import { clearLine, cursorTo } from 'node:readline'
import type { Clock } from '../time.ts'

const BAR = 24
// A narrower terminal shows the counts without the bar.
const WIDTH_FOR_BAR = 72
const USUAL_WIDTH = 80
const TERMINAL_INTERVAL_MS = 100
const PIPE_INTERVAL_MS = 10_000

/** Shows how far long work has come. */
export interface Progress {
  /** Begins a part of the work. @param total How many steps it has, about. */
  begin(title: string, total: number): void
  advance(steps: number): void
  /** Ends the part of the work, if one was begun. */
  end(): void
}

/**
 * Creates a progress bar on a terminal, with rate and remaining time. Anywhere else, it is a line from time to time.
 *
 * @param now Never goes back.
 */
export function createProgress(
  output: Pick<NodeJS.WriteStream, 'isTTY' | 'write' | 'columns'>,
  now: Clock,
): Progress {
  const interval = output.isTTY ? TERMINAL_INTERVAL_MS : PIPE_INTERVAL_MS
  let part: { readonly title: string; readonly total: number; readonly since: number } | undefined
  let done = 0
  let shown = 0

  function show(): void {
    if (part === undefined) return
    shown = now()
    const { title, total, since } = part
    const text = describe(title, { done, total, elapsedMs: now() - since })
    if (!output.isTTY) {
      output.write(`${text}\n`)
      return
    }
    const filled = Math.round((BAR * Math.min(done, total)) / Math.max(total, 1))
    const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}]`
    const stream = output as NodeJS.WriteStream
    cursorTo(stream, 0)
    clearLine(stream, 0)
    // Some terminals say that they have no columns.
    const width = output.columns || USUAL_WIDTH
    output.write((width < WIDTH_FOR_BAR ? text : `${bar} ${text}`).slice(0, width - 1))
  }

  return {
    begin(title, total) {
      part = { title, total, since: now() }
      done = 0
      shown = now()
    },
    advance(steps) {
      done += steps
      if (now() - shown >= interval) show()
    },
    end() {
      if (part === undefined) return
      show()
      if (output.isTTY) output.write('\n')
      part = undefined
    },
  }
}

function describe(
  title: string,
  { done, total, elapsedMs }: { readonly done: number; readonly total: number; readonly elapsedMs: number },
): string {
  const count = (value: number) => value.toLocaleString('en')
  const counts = `${title}: ${count(done)} of about ${count(Math.max(total, done))}`
  if (done === 0 || elapsedMs < 1000) return counts
  const perSecond = (done / elapsedMs) * 1000
  const left = Math.max(0, total - done) / perSecond
  return `${counts}, ${count(Math.round(perSecond))}/s, ${duration(left)} left`
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`
}
