import type { RedisConnection } from './connection.ts'
import { storeUnavailable } from './errors.ts'

const BATCH = 1000

/**
 * Lists the keys that match a pattern on all masters, in batches, some possibly twice.
 *
 * @throws DomainError `store_unavailable`.
 */
export type ScanKeys = (pattern: string) => AsyncIterable<readonly string[]>

/** Creates a scan that does not block other clients of Redis: https://redis.io/docs/latest/commands/scan/ */
export function createScan({ masters }: RedisConnection): ScanKeys {
  return async function* (pattern) {
    for (const master of masters()) {
      let cursor = '0'
      do {
        const [next, keys] = await master
          .scan(cursor, 'MATCH', pattern, 'COUNT', BATCH)
          .catch((error: unknown) => {
            throw storeUnavailable(error)
          })
        cursor = next
        yield keys
      } while (cursor !== '0')
    }
  }
}
