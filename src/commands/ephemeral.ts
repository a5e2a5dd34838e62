import { fstatSync, readFileSync } from 'node:fs'
import pino from 'pino'
import { serializers } from '../http/log.ts'
import { startEphemeralServer } from '../server/ephemeral.ts'

const STDIN = 0
const STDERR = 2
const ANCESTRY_CHECK_MS = 200

/**
 * Serves for tests of other software until it is stopped or its parent has exited. The store is temporary, and neither
 * the environment nor `.env` is read. One line of JSON on standard output gives the address once it is ready.
 *
 * @param settings By their names in the environment.
 * @param stopRequested Settles when the server is to stop.
 * @returns The exit status, 0.
 * @throws ConfigError; a system error when the port is taken.
 */
export async function serveEphemerally(
  settings: Readonly<Record<string, string>>,
  stopRequested: Promise<unknown>,
): Promise<number> {
  const logger = pino({ level: 'warn', serializers }, pino.destination(STDERR))
  const server = await startEphemeralServer(settings, { logger })
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`)
  await Promise.race([stopRequested, parentExit()])
  await server.close()
  return 0
}

/** Settles when standard input ends, if it is a pipe, or when any ancestor of this process has exited. */
function parentExit(): Promise<void> {
  const ancestry = ancestors()
  return new Promise((resolve) => {
    setInterval(() => {
      if (ancestors() !== ancestry) resolve()
    }, ANCESTRY_CHECK_MS).unref()
    if (!isPipe(STDIN)) return
    process.stdin.once('end', resolve).once('error', resolve).resume()
    // It must not keep the process alive after the stop.
    const { stdin } = process as { stdin: { unref?: () => void } }
    stdin.unref?.()
  })
}

// The end of a terminal, a file or /dev/null says nothing about a parent.
function isPipe(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor)
    return stats.isFIFO() || stats.isSocket()
  } catch {
    return false
  }
}

/** Returns the ids of all ancestors of this process; of the parent alone where the system does not tell. */
function ancestors(): string {
  const ids = [process.ppid]
  try {
    for (let id = process.ppid; id > 1; ids.push(id)) id = parentOf(id)
  } catch {
    // There is no /proc, or a process has exited just now and will be missing the next time.
  }
  return ids.join()
}

/** Returns the parent of a process: proc_pid_stat(5). The name in parentheses may hold anything. */
function parentOf(id: number): number {
  const status = readFileSync(`/proc/${id}/stat`, 'latin1')
  return Number(status.slice(status.lastIndexOf(')')).split(' ')[2])
}
