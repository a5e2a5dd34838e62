import { DomainError } from '../errors.ts'
import type { Store, StoreWatcher } from './store.ts'

const UNWATCHED: StoreWatcher = {
  onFault: () => undefined,
  onSweep: () => undefined,
  onReopened: () => undefined,
  onClockSkew: () => undefined,
}

/** The settings that choose a store. */
export interface StoreSettings {
  /** For Redis; without it, the embedded store is used. */
  readonly redisUrl: string | undefined
  /** The paths of PEM files for `rediss://`. */
  readonly redisTlsCa?: string | undefined
  readonly redisTlsCert?: string | undefined
  readonly redisTlsKey?: string | undefined
  /** The folder of the embedded store. */
  readonly dataDir: string
}

/** How to open a store. */
export interface OpenOptions {
  readonly watcher?: StoreWatcher
  /** Whether to fail when Redis cannot be reached, or to wait for it in the background. `fail` by default. */
  readonly whenAway?: 'fail' | 'wait'
}

/**
 * Opens the configured store. Loads only its adapter.
 *
 * @throws DomainError `store_unavailable` with the reason as cause.
 */
export async function openStore(
  settings: StoreSettings,
  { watcher = UNWATCHED, whenAway = 'fail' }: OpenOptions = {},
): Promise<Store> {
  if (settings.redisUrl !== undefined) {
    const { openRedisStore } = await import('./redis/open.ts')
    const onFault = (cause: Error) => watcher.onFault(unavailable(cause))
    const opening = openRedisStore(settings.redisUrl, {
      onFault,
      onReopened: () => watcher.onReopened(),
      onClockSkew: (warning) => watcher.onClockSkew(warning),
      whenAway,
      tlsFiles: { ca: settings.redisTlsCa, cert: settings.redisTlsCert, key: settings.redisTlsKey },
    })
    return opening.catch((error: unknown) => {
      throw error instanceof DomainError && error.cause instanceof Error ? unavailable(error.cause) : error
    })
  }
  const { openLmdbStore } = await import('./lmdb/open.ts')
  return openLmdbStore(settings.dataDir, { watcher })
}

/** Returns the error for a Redis that does not serve. The reason begins with the setting that an operator has to look at. */
function unavailable({ message }: Error): DomainError {
  return new DomainError('store_unavailable', { cause: new Error(`REDIS_URL: ${message}`) })
}
