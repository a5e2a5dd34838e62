import { fstatSync } from 'node:fs'
import pino from 'pino'
import { serializers } from '../http/log.ts'
import { startEphemeralServer } from '../server/ephemeral.ts'
import { endProcessAfter, endsWithin, type ShutdownDeadlines } from '../server/shutdown.ts'
import { serveControls } from '../testing/control-server.ts'
import type { JournalKind } from '../testing/journal.ts'
import { ancestors } from './ancestors.ts'

const STDIN = 0
const STDERR = 2
const ANCESTRY_CHECK_MS = 200

/** How to serve for the tests of other software. */
export interface EphemeralServing {
  /** By their names in the environment. There are no rate limits unless `RATE_LIMIT` is set. */
  readonly settings: Readonly<Record<string, string>>
  readonly journal: JournalKind
  /** The ancestors of this process when it started, one of which may exit before the server is ready. */
  readonly startedBy: string
  /** Settles when the server should stop. */
  readonly stopRequested: Promise<unknown>
  readonly deadlines: ShutdownDeadlines
}

/**
 * Serves for the tests of other software until it is stopped or its parent exits. The store is temporary, and neither the
 * environment nor `.env` is read. Once the server is ready, it prints its address and that of its control API, with its
 * token, as one line of JSON.
 *
 * @returns The exit status, 0.
 * @throws ConfigError; a system error when the port is taken.
 */
export async function serveEphemerally(serving: EphemeralServing): Promise<number> {
  const { settings, journal, startedBy, stopRequested, deadlines } = serving
  const logger = pino({ level: levelOf(settings), serializers }, pino.destination(STDERR))
  const server = await startEphemeralServer(
    { RATE_LIMIT: 'off', ...settings },
    { logger, journal, deadlines },
  )
  const control = await serveControls(server)
  process.stdout.write(`${JSON.stringify({ url: server.url, control: control.access })}\n`)
  await Promise.race([stopRequested, parentExit(startedBy)])
  const stopped = Promise.all([control.close(), server.close()])
  const inTime = await endsWithin(deadlines.requests + deadlines.store, stopped)
  endProcessAfter(deadlines.process, { stuck: !inTime })
  return 0
}

// The start rejects one that is unknown.
function levelOf({ LOG_LEVEL: level = 'warn' }: Readonly<Record<string, string>>): string {
  return Object.hasOwn(pino.levels.values, level) || level === 'silent' ? level : 'warn'
}

/** Resolves when standard input ends, if it is a pipe, or when any of the ancestors exits. */
function parentExit(ancestry: string): Promise<void> {
  return new Promise((resolve) => {
    setInterval(() => {
      if (ancestors() !== ancestry) resolve()
    }, ANCESTRY_CHECK_MS).unref()
    if (!isPipe(STDIN)) return
    process.stdin.once('end', resolve).once('error', resolve).resume()
    // Standard input must not keep the process alive after the stop.
    const { stdin } = process as { stdin: { unref?: () => void } }
    stdin.unref?.()
  })
}

// Only a pipe ends when the parent exits; a file or /dev/null ends at once.
function isPipe(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor)
    return stats.isFIFO() || stats.isSocket()
  } catch {
    return false
  }
}
