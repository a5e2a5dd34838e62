import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { byDeadline } from '../deadline.ts'
import { REQUEST_TIMEOUT_MS } from './app.ts'
import type { Connections } from './connections.ts'

/** How long each part of a shutdown may take, in milliseconds. */
export interface ShutdownDeadlines {
  /** Until the requests under way have their responses; then their connections are closed. */
  readonly requests: number
  /** From then on until the store and everything else has closed. */
  readonly store: number
  /** From then on until the process has exited by itself: hashes and emails that nobody waits for keep it alive. */
  readonly process: number
  /** From the signal until the primary kills the workers that are left. */
  readonly workers: number
}

/** The deadlines of a server: it exits within 35 seconds, whatever its clients do. */
export const SHUTDOWN_DEADLINES: ShutdownDeadlines = {
  requests: REQUEST_TIMEOUT_MS,
  store: 3500,
  process: 500,
  workers: 34_500,
}

/**
 * Returns whether work was done by its deadline.
 *
 * @throws Whatever `work` throws before that.
 */
export function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  return byDeadline(
    ms,
    work.then(() => true),
    false,
  )
}

/**
 * Stops listening, and settles when all connections are closed. Those without a request are closed at once, the others
 * after their response, or at the deadline: Node.js stops looking for slow requests once its server is closing.
 */
export async function finishRequests(
  app: FastifyInstance,
  connections: Connections,
  deadlineMs: number,
): Promise<void> {
  // What has arrived already is read first, so that its sender is told why it is rejected.
  await setImmediate()
  connections.closeSilent()
  const closed = app.close().then(() => connections.closed())
  if (await endsWithin(deadlineMs, closed)) return
  app.log.warn('requests under way were cut off: they took too long')
  connections.closeAll()
  await closed
}

/**
 * Ends this process unless it has exited by itself in time. Its exit status is `process.exitCode`.
 *
 * @param stuck Whether a thread may wait forever: then only a signal can end the process.
 */
export function endProcessAfter(ms: number, { stuck }: { readonly stuck: boolean }): void {
  const end = () => (stuck ? process.kill(process.pid, 'SIGKILL') : process.exit())
  setTimeout(end, ms).unref()
}
