import cluster from 'node:cluster'
import { isTracingConfigured, readConfig } from '../config/environment.ts'
import type { Config } from '../config/load.ts'
import { startServer } from '../server/server.ts'
import {
  endProcessAfter,
  endsWithin,
  SHUTDOWN_DEADLINES,
  type ShutdownDeadlines,
} from '../server/shutdown.ts'
import { superviseWorkers } from '../server/workers.ts'
import { gatherWorkerMetrics } from '../telemetry/metrics.ts'
import { serveMetrics } from '../telemetry/metrics-listener.ts'
import { startTracing } from '../telemetry/tracing.ts'
import { serveEphemerally } from './ephemeral.ts'
import { UsageError } from './errors.ts'

/** The options of `serve`. */
export interface ServeOptions {
  readonly ephemeral: boolean | undefined
  /** Only for an ephemeral server. */
  readonly port: string | undefined
  /** Only for an ephemeral server: `email:token` entries. */
  readonly account: readonly string[] | undefined
}

/**
 * Serves until SIGTERM or SIGINT.
 *
 * @param deadlines Other ones are for tests.
 * @returns The exit status: 0 after a stop, 1 when a worker could not start.
 * @throws UsageError when an option is given without `ephemeral`; ConfigError; and whatever `startServer` throws.
 */
export async function serve(
  { ephemeral, port, account }: ServeOptions,
  deadlines: ShutdownDeadlines = SHUTDOWN_DEADLINES,
): Promise<number> {
  const stopRequested = stopSignal()
  if (ephemeral) {
    const settings = {
      ...(port !== undefined && { PORT: port }),
      ...(account !== undefined && { ACCOUNTS: account.join(',') }),
    }
    return serveEphemerally(settings, stopRequested, deadlines)
  }
  if (port !== undefined || account !== undefined)
    throw new UsageError('--port and --account need --ephemeral')

  const config = readConfig()
  if (config.workers > 1 && cluster.isPrimary) return serveByWorkers(config, stopRequested, deadlines)

  try {
    const tracing = isTracingConfigured() ? await startTracing() : undefined
    const starting = startServer(config, { tracing, deadlines })
    // A start that waits for its store is given up when the server is to stop.
    const givenUp = stopRequested.then(() => endsWithin(deadlines.store, starting))
    const started = await Promise.race([starting.then(() => true), givenUp])
    await stopRequested
    const stopping = started ? starting.then((server) => server.stop()) : Promise.resolve()
    const stopped = stopping.then(() => tracing?.stop())
    const inTime = await endsWithin(deadlines.requests + deadlines.store, stopped)
    // What waits for the write lock of an embedded store is a thread, which Node.js would join.
    endProcessAfter(deadlines.process, { stuck: !inTime && config.redisUrl === undefined })
    return 0
  } finally {
    // The IPC channel to the primary would keep the process alive.
    if (cluster.isWorker) cluster.worker?.disconnect()
  }
}

// Keeps listening after the first signal. A worker may get one from the terminal or systemd and another from its primary,
// and the second one must not interrupt the graceful shutdown.
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => resolve())
  })
}

async function serveByWorkers(
  { workers, metrics }: Config,
  stopRequested: Promise<unknown>,
  deadlines: ShutdownDeadlines,
): Promise<number> {
  const listener = metrics && (await serveMetrics(metrics, await gatherWorkerMetrics()))
  try {
    return await superviseWorkers(workers, stopRequested, deadlines.workers)
  } finally {
    await listener?.close()
  }
}
