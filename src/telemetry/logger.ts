import pino, { type Logger } from 'pino'
import { serializers } from '../http/log.ts'
import { terminalLines } from './terminal.ts'

const STDERR = 2
// A write costs more than many lines do, because another thread does it.
const WRITE_BYTES = 49_152
const MAX_WRITE_BYTES = 65_536

/**
 * Creates the logger of a server on standard output: readable lines at a terminal, otherwise JSON, written in the
 * background within a second.
 *
 * @param level The lowest level that is logged.
 */
export function createLogger(level: string): Logger {
  const options = { level, serializers, base: { pid: process.pid } }
  if (logsForPeople()) return pino(options, terminalLines(process.stdout))
  const destination = pino.destination({
    sync: false,
    minLength: WRITE_BYTES,
    maxWrite: MAX_WRITE_BYTES,
    periodicFlush: 1000,
    contentMode: 'buffer',
  })
  return pino({ ...options, hooks: { streamWrite: bytesOf } }, destination)
}

// A destination of text would copy all lines that it has collected whenever it gets another one. The types of pino do not know
// the other kind.
function bytesOf(line: string): string {
  return Buffer.from(line) as unknown as string
}

/** Creates the logger of a start, before the settings are known: JSON on standard error, written at once. */
export function createStartLogger(): Logger {
  return pino({ serializers, base: { pid: process.pid } }, pino.destination({ fd: STDERR, sync: true }))
}

/** Tells whether the log of this process is lines for people, not JSON. */
export function logsForPeople(): boolean {
  return process.stdout.isTTY
}
