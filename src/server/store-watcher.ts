import type { Logger } from 'pino'
import { DomainError } from '../errors.ts'
import type { Store, StoreWatcher } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'

/**
 * Creates a watcher that logs what happens to the store, and counts it.
 *
 * @param store Returns the store that is watched, once it is open.
 */
export function createStoreWatcher(
  logger: Logger,
  metrics: Metrics | undefined,
  store: () => Store,
): StoreWatcher {
  return {
    onFault: (err) => logger.error({ err }, 'the store has a fault'),
    onSweep: (sweep) => metrics?.swept(sweep),
    onReopened() {
      logger.warn('the store was away and has been opened again')
      metrics?.reopened()
      void logStoreWarnings(store(), logger)
    },
    onClockSkew: (warning) => logger.warn({ warning }, 'the clocks differ'),
  }
}

/** Logs the ways in which a store may lose data. An unreachable store is inspected when it has been reopened. */
export async function logStoreWarnings(store: Store, logger: Logger): Promise<void> {
  const warnings = await store.warnings().catch((error: unknown) => {
    if (error instanceof DomainError) return []
    throw error
  })
  for (const warning of warnings) logger.warn({ warning }, 'the store may lose data')
}
