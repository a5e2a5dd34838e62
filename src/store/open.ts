import type { Store } from './store.ts'

/**
 * Opens the store that the settings choose. Only the chosen adapter is loaded.
 * @param settings `redisUrl` for Redis, else `dataDir` for the embedded store.
 * @throws DomainError `store_unavailable` with the reason as cause.
 */
export async function openStore(settings: {
  readonly redisUrl: string | undefined
  readonly dataDir: string
}): Promise<Store> {
  if (settings.redisUrl !== undefined) {
    const { openRedisStore } = await import('./redis/store.ts')
    return openRedisStore(settings.redisUrl)
  }
  const { openLmdbStore } = await import('./lmdb/open.ts')
  return openLmdbStore(settings.dataDir)
}
