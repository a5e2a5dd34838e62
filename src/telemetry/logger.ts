import pino, { type Logger } from 'pino'
import { serializers } from '../http/log.ts'
import { terminalLines } from './terminal.ts'

/**
 * Creates the logger of a server on standard output: readable lines at a terminal, otherwise JSON, written in the
 * background within a second.
 *
 * @param level The lowest level that is logged.
 */
export function createLogger(level: string): Logger {
  const { stdout } = process
  const destination = stdout.isTTY
    ? terminalLines(stdout)
    : pino.destination({ sync: false, minLength: 4096, periodicFlush: 1000 })
  return pino({ level, serializers, base: { pid: process.pid } }, destination)
}
