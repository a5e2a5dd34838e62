import cluster from 'node:cluster'
import type { Logger } from 'pino'
import { isTracingConfigured, readConfig } from '../config/environment.ts'
import type { Config } from '../config/load.ts'
import { MAXIMUM_WORKERS } from '../config/settings.ts'
import { DomainError } from '../errors.ts'
import { availableCores } from '../server/available-cores.ts'
import { rootKeysOf } from '../server/backend.ts'
import { namingSettings } from '../server/naming-settings.ts'
import { startServer } from '../server/server.ts'
import {
  endProcessAfter,
  endsWithin,
  SHUTDOWN_DEADLINES,
  type ShutdownDeadlines,
} from '../server/shutdown.ts'
import { CANNOT_START, endWithPrimary, receiveRootKeys, superviseWorkers } from '../server/workers.ts'
import { gatherWorkerMetrics } from '../telemetry/gather-metrics.ts'
import { createLogger, createStartLogger, logsForPeople } from '../telemetry/logger.ts'
import { serveMetrics } from '../telemetry/metrics-listener.ts'
import { captureStrayOutput } from '../telemetry/stray-output.ts'
import { startTracing } from '../telemetry/tracing.ts'
import { VERSION } from '../version.ts'
import { ancestors } from './ancestors.ts'
import { CommandError, explain, UsageError } from './errors.ts'

/** The options of `serve`. */
export interface ServeOptions {
  readonly ephemeral: boolean | undefined
  /** Only for an ephemeral server. */
  readonly port: string | undefined
  /** Only for an ephemeral server: `email:token` entries. */
  readonly account: readonly string[] | undefined
  /** Only for an ephemeral server: `NAME=VALUE` entries. */
  readonly set: readonly string[] | undefined
  /** Only for an ephemeral server: `masked` or `full`. */
  readonly journal: string | undefined
}

/** How a process of a server runs. */
interface Serving {
  readonly stopRequested: Promise<unknown>
  readonly deadlines: ShutdownDeadlines
  /** Is called once the settings are known. */
  readonly onLogger: (logger: Logger) => void
}

/**
 * Serves until SIGTERM or SIGINT. Everything printed is the log; in a pipe, the reason of a failing start is JSON too.
 *
 * @param deadlines Other ones are for tests.
 * @returns The exit status: 0 after a stop, 1 when the start failed.
 * @throws UsageError when an option is given without `ephemeral`. At a terminal and with `ephemeral` also ConfigError and
 *   whatever `startServer` throws.
 */
export async function serve(
  { ephemeral, ...options }: ServeOptions,
  deadlines: ShutdownDeadlines = SHUTDOWN_DEADLINES,
): Promise<number> {
  if (ephemeral) {
    const startedBy = ancestors()
    // A terminal that closes sends SIGHUP, which would leave the temporary store behind.
    const stopRequested = stopSignal(['SIGTERM', 'SIGINT', 'SIGHUP'])
    // Loaded only here: a server that is not for tests has nothing that tests can control.
    const { serveEphemerally } = await import('./ephemeral.ts')
    const { readEphemeralOptions } = await import('./ephemeral-options.ts')
    return serveEphemerally({ ...readEphemeralOptions(options), startedBy, stopRequested, deadlines })
  }
  if (options.port !== undefined || options.account !== undefined)
    throw new UsageError('--port and --account need --ephemeral')
  if (options.set !== undefined || options.journal !== undefined)
    throw new UsageError('--set and --journal need --ephemeral')

  const stopRequested = stopSignal(['SIGTERM', 'SIGINT'])
  const serving = { stopRequested, deadlines, onLogger: () => undefined }
  return logsForPeople() ? serveConfigured(serving) : serveInJson(serving)
}

async function serveInJson(serving: Serving): Promise<number> {
  const startLogger = createStartLogger()
  const onLogger = captureStrayOutput(startLogger)
  try {
    return await serveConfigured({ ...serving, onLogger })
  } catch (error) {
    for (const line of explain(error).split('\n')) startLogger.fatal(line)
    return error instanceof CommandError ? error.exitStatus : 1
  }
}

async function serveConfigured(serving: Serving): Promise<number> {
  if (cluster.isWorker) return serveAsWorker(serving)
  const config = readConfig()
  return countWorkers(config) > 1 ? serveByWorkers(config, serving) : serveAlone(config, serving)
}

function countWorkers({ workers }: Config): number {
  return workers === 'auto' ? Math.min(availableCores(), MAXIMUM_WORKERS) : workers
}

// Keeps listening after the first signal. A worker may get one from the terminal or systemd and another from its primary,
// and the second one must not interrupt the graceful shutdown.
function stopSignal(signals: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve())
  })
}

async function serveAlone(config: Config, { stopRequested, deadlines, onLogger }: Serving): Promise<number> {
  const logger = createLogger(config.logLevel)
  onLogger(logger)
  const tracing = isTracingConfigured() ? await startTracing() : undefined
  const starting = startServer(config, { logger, tracing, deadlines })
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
}

async function serveByWorkers(
  config: Config,
  { stopRequested, deadlines, onLogger }: Serving,
): Promise<number> {
  const { metrics, logLevel } = config
  const count = countWorkers(config)
  const logger = createLogger(logLevel)
  onLogger(logger)
  logger.info({ workers: count }, `Emberlink ${VERSION} starts ${count} workers`)
  const rootKeys = rootKeysOf(config)
  const listener =
    metrics &&
    (await namingSettings('METRICS', serveMetrics(metrics, await gatherWorkerMetrics(logger), logger)))
  try {
    return await superviseWorkers({ count, rootKeys, stopRequested, stopMs: deadlines.workers, logger })
  } finally {
    await listener?.close()
  }
}

async function serveAsWorker(serving: Serving): Promise<number> {
  endWithPrimary()
  try {
    const rootKeys = await receiveRootKeys()
    return await serveAlone({ ...readConfig(), rootKeys }, serving)
  } catch (error) {
    if (isPassing(error)) throw error
    throw new CommandError(explain(error), { exitStatus: CANNOT_START })
  } finally {
    // The channel to the primary would keep the process alive.
    cluster.worker?.disconnect()
  }
}

// Whether the same start may succeed later: the store is away, or the machine is short of something.
function isPassing(error: unknown): boolean {
  if (error instanceof DomainError) return error.code === 'store_unavailable'
  return ['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'].includes(String((error as { code?: unknown }).code))
}
