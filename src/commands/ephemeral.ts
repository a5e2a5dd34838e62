import { fstatSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import pino from 'pino'
import { serializers } from '../http/log.ts'
import { startEphemeralServer } from '../server/ephemeral.ts'

const USAGE = `usage: emberlink serve
       emberlink serve --ephemeral [--port PORT] [--account EMAIL:TOKEN]...`

const STDIN = 0
const STDERR = 2
const LOOK_EVERY_MS = 200

/**
 * Serves for the tests of other software until it is stopped or its parent is gone. The store is temporary, and neither
 * the environment nor `.env` is read. One line of JSON on the standard output says where, once it is ready.
 * @param args What follows `serve`.
 * @param stopAsked Settles when the server is to stop.
 * @returns The exit status: 0 after a stop, 2 for a wrong call.
 * @throws ConfigError, or a system error when the port is taken.
 */
export async function serveEphemerally(
  args: readonly string[],
  stopAsked: Promise<unknown>,
): Promise<number> {
  const settings = settingsOf(args)
  if (settings === undefined) {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  const logger = pino({ level: 'warn', serializers }, pino.destination(STDERR))
  const server = await startEphemeralServer(settings, { logger })
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`)
  await Promise.race([stopAsked, parentGone()])
  await server.close()
  return 0
}

function settingsOf(args: readonly string[]): Record<string, string> | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ephemeral: { type: 'boolean' },
        port: { type: 'string', default: '0' },
        account: { type: 'string', multiple: true, default: [] },
      },
    })
    if (values.ephemeral !== true) return undefined
    return { PORT: values.port, ...(values.account.length > 0 && { ACCOUNTS: values.account.join(',') }) }
  } catch {
    return undefined
  }
}

/** Settles when the standard input ends, if it is a pipe, or when any process that led to this one has ended. */
function parentGone(): Promise<void> {
  const lineage = ancestors()
  return new Promise((resolve) => {
    setInterval(() => {
      if (ancestors() !== lineage) resolve()
    }, LOOK_EVERY_MS).unref()
    if (!isPipe(STDIN)) return
    process.stdin.once('end', resolve).once('error', resolve).resume()
    // It must not keep the process alive after the stop.
    const { stdin } = process as { stdin: { unref?: () => void } }
    stdin.unref?.()
  })
}

// A terminal, a file or /dev/null says nothing about a parent.
function isPipe(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor)
    return stats.isFIFO() || stats.isSocket()
  } catch {
    return false
  }
}

/** @returns The ids of all processes that led to this one; the parent's alone where the system does not tell. */
function ancestors(): string {
  const ids = [process.ppid]
  try {
    for (let id = process.ppid; id > 1; ids.push(id)) id = parentOf(id)
  } catch {
    // There is no /proc, or a process has ended just now and will be missed the next time.
  }
  return ids.join()
}

/** Source: proc_pid_stat(5). The name in parentheses may hold anything. */
function parentOf(id: number): number {
  const status = readFileSync(`/proc/${id}/stat`, 'latin1')
  return Number(status.slice(status.lastIndexOf(')')).split(' ')[2])
}
