import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import type { Logger } from 'pino'
import { closeOfferedConnections } from './offered-connections.ts'
import { endsWithin } from './shutdown.ts'

/** The exit status of a worker whose configuration cannot start: `EX_CONFIG` of sysexits(3). */
export const CANNOT_START = 78

const FIRST_PAUSE_MS = 100
const MAXIMUM_PAUSE_MS = 10_000

/** How the primary runs its workers. */
export interface WorkersOptions {
  readonly count: number
  /** What all of them seal and open with: a worker never reads a newer file than the others did. */
  readonly rootKeys: readonly Buffer[]
  /** Settles when all are to stop. */
  readonly stopRequested: Promise<unknown>
  /** How long the workers may take to stop, before they are killed. */
  readonly stopMs: number
  readonly logger: Logger
}

// A worker has to ask: what is sent before it listens is lost.
const ROOT_KEYS_WANTED = 'emberlink:root-keys'

interface RootKeyMessage {
  readonly rootKeys: readonly string[]
}

/** Asks the primary of this worker for the root keys, 32 bytes each. */
export function receiveRootKeys(): Promise<Buffer<ArrayBuffer>[]> {
  return new Promise((resolve) => {
    // Stays until the keys are there: two messages that arrive together, such as one that asks for metrics, come in one turn.
    const onMessage = (message: Partial<RootKeyMessage> | undefined) => {
      if (message?.rootKeys === undefined) return
      process.off('message', onMessage)
      resolve(message.rootKeys.map((key) => Buffer.from(key, 'hex')))
    }
    process.on('message', onMessage)
    process.send?.(ROOT_KEYS_WANTED)
  })
}

/**
 * Ends this worker when its primary has died. Node.js would call `process.exit`, which waits for all threads: one that
 * holds the write lock of an embedded store waits for JavaScript in turn, so that neither would ever end, nor any other
 * process get the lock.
 */
export function endWithPrimary(): void {
  const { worker } = cluster
  const end = () => {
    if (!worker?.exitedAfterDisconnect) process.kill(process.pid, 'SIGKILL')
  }
  worker?.once('disconnect', end)
  worker?.once('error', end)
}

/**
 * Runs this program in several worker processes that share the listening address. A worker that exits after it has
 * listened is replaced at once, one that exits before that with growing pauses; one whose configuration cannot start
 * ends all of them.
 *
 * @returns The exit status: 0 after a requested stop, 1 when the configuration cannot start.
 */
export async function superviseWorkers(options: WorkersOptions): Promise<number> {
  const { count, rootKeys, stopRequested, stopMs, logger } = options
  const served = new WeakSet<Worker>()
  const pauses = new Set<NodeJS.Timeout>()
  let failures = 0

  // JSON has no NaN, which says in a metric that a value is not known.
  cluster.setupPrimary({ serialization: 'advanced' })
  const message: RootKeyMessage = { rootKeys: rootKeys.map((key) => key.toString('hex')) }
  const start = () => {
    const worker = cluster.fork()
    closeOfferedConnections(worker)
    worker.on('message', (asked: unknown) => {
      // A worker that exits before it has read them is noticed by its exit.
      if (asked === ROOT_KEYS_WANTED) worker.send(message, () => undefined)
    })
  }
  const startAgain = ({ process: { pid, exitCode, signalCode } }: Worker) => {
    logger.warn({ worker: pid, status: exitCode, signal: signalCode }, 'a worker exited; another is started')
    start()
  }
  const startLater = () => {
    const ms = Math.min(MAXIMUM_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures)
    failures += 1
    logger.error({ ms }, 'a worker exited before it listened; another is started after a pause')
    const pause = setTimeout(() => {
      pauses.delete(pause)
      start()
    }, ms)
    pauses.add(pause)
  }

  let onExit: (worker: Worker, status: number) => void = () => undefined
  const failed = new Promise<'failed'>((resolve) => {
    cluster.on('listening', (worker) => {
      served.add(worker)
      failures = 0
    })
    onExit = (worker, status) => {
      if (status === CANNOT_START) resolve('failed')
      else if (served.has(worker)) startAgain(worker)
      else startLater()
    }
    cluster.on('exit', onExit)
  })
  for (let i = 0; i < count; i += 1) start()

  const end = await Promise.race([stopRequested, failed])
  cluster.off('exit', onExit)
  for (const pause of pauses) clearTimeout(pause)
  await stopAll(stopMs)
  return end === 'failed' ? 1 : 0
}

async function stopAll(stopMs: number): Promise<void> {
  const workers = Object.values(cluster.workers ?? {}).flatMap((worker) =>
    worker === undefined || worker.isDead() ? [] : [worker],
  )
  const exited = Promise.all(workers.map((worker) => once(worker, 'exit')))
  for (const worker of workers) worker.process.kill('SIGTERM')
  if (await endsWithin(stopMs, exited)) return
  for (const worker of workers) worker.process.kill('SIGKILL')
  await exited
}
