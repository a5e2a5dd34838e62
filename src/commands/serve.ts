import cluster from 'node:cluster'
import { isTracingConfigured, readConfig } from '../config/environment.ts'
import type { Config } from '../config/load.ts'
import { startServer } from '../server/server.ts'
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
 * @returns The exit status: 0 after a graceful stop, 1 when a worker could not start.
 * @throws UsageError when an option is given without `ephemeral`; ConfigError; and whatever `startServer` throws.
 */
export async function serve({ ephemeral, port, account }: ServeOptions): Promise<number> {
  const stopRequested = stopSignal()
  if (ephemeral) {
    const settings = {
      ...(port !== undefined && { PORT: port }),
      ...(account !== undefined && { ACCOUNTS: account.join(',') }),
    }
    return serveEphemerally(settings, stopRequested)
  }
  if (port !== undefined || account !== undefined)
    throw new UsageError('--port and --account need --ephemeral')

  const config = readConfig()
  if (config.workers > 1 && cluster.isPrimary) return serveByWorkers(config, stopRequested)

  try {
    const tracing = isTracingConfigured() ? await startTracing() : undefined
    const server = await startServer(config, { tracing })
    await stopRequested
    await server.stop()
    await tracing?.stop()
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
): Promise<number> {
  const listener = metrics && (await serveMetrics(metrics, await gatherWorkerMetrics()))
  try {
    return await superviseWorkers(workers, stopRequested)
  } finally {
    await listener?.close()
  }
}
