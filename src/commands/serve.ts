import cluster from 'node:cluster'
import { asksForTraces, readConfig } from '../config/environment.ts'
import type { Config } from '../config/load.ts'
import { startServer } from '../server/server.ts'
import { superviseWorkers } from '../server/workers.ts'
import { serveMetrics } from '../telemetry/listener.ts'
import { gatherWorkerMetrics } from '../telemetry/metrics.ts'
import { startTracing } from '../telemetry/tracing.ts'
import { serveEphemerally } from './ephemeral.ts'

/**
 * Serves until SIGTERM or SIGINT.
 * @param args None, or those of a server for tests.
 * @returns The exit status: 0 after a graceful stop, 2 for a wrong call.
 * @throws ConfigError, or whatever `startServer` throws.
 */
export async function serve(args: readonly string[]): Promise<number> {
  const stopAsked = stopSignal()
  if (args.length > 0) return serveEphemerally(args, stopAsked)

  const config = readConfig()
  if (config.workers > 1 && cluster.isPrimary) return serveByWorkers(config, stopAsked)

  try {
    const tracing = asksForTraces() ? await startTracing() : undefined
    const server = await startServer(config, { tracing })
    await stopAsked
    await server.stop()
    await tracing?.stop()
    return 0
  } finally {
    // The channel to the primary would keep the process alive.
    if (cluster.isWorker) cluster.worker?.disconnect()
  }
}

// Listens on after the first signal: a worker gets one from the terminal or from systemd and another from its primary,
// and the second must not end what the first lets finish.
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => resolve())
  })
}

async function serveByWorkers({ workers, metrics }: Config, stopAsked: Promise<unknown>): Promise<number> {
  const listener = metrics && (await serveMetrics(metrics, await gatherWorkerMetrics()))
  try {
    return await superviseWorkers(workers, stopAsked)
  } finally {
    await listener?.close()
  }
}
